#!/usr/bin/env bash
#SBATCH --job-name=onepass
#SBATCH --requeue
# Tracks the sources that a file lists, as an array job; every task takes its share, finished ones are skipped:
#   sbatch --array=1-12 --cpus-per-task=4 slurm_track.sh videos.txt results/ --model yolov8n.pt --detector.threads 4
list=$1 out=$2
shift 2
"${ONEPASS:-onepass}" track --units "$list" --shard "$((SLURM_ARRAY_TASK_ID - SLURM_ARRAY_TASK_MIN + 1))/$SLURM_ARRAY_TASK_COUNT" \
  --save-mot "$out/" --skip-existing "$@"
code=$?
# 75: another attempt may succeed.
if [ $code -eq 75 ] && [ "${SLURM_RESTART_COUNT:-0}" -lt 3 ]; then
  scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
fi
exit $code
