#!/usr/bin/env bash
# numpy2_test.sh PYTHON FOLDER: runs python_test.py with NumPy 2, which is installed into a virtual environment.
set -euo pipefail
python=$1 folder=$2
if [ ! -x "$folder/bin/python" ] || ! "$folder/bin/python" -c 'import numpy; assert numpy.__version__[0] == "2"'; then
  "$python" -m venv --clear "$folder" && "$folder/bin/pip" --disable-pip-version-check install -q 'numpy>=2,<3' || {
    echo "NumPy 2 cannot be installed: skipped"
    exit 77
  }
fi
"$folder/bin/python" -c 'import numpy; print("NumPy", numpy.__version__)'
exec "$folder/bin/python" "$(dirname "$0")/python_test.py"
