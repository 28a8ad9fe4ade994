"""What the program writes of masks, poses and rotated boxes fits docs/schemas."""
import json
import unittest

from package import EAGER, InFolder, SOURCE, flags, needs_models, run, write_pictures

try:
    import jsonschema
except ImportError:
    jsonschema = None


@unittest.skipUnless(jsonschema, "python3-jsonschema is not installed")
@needs_models
class SchemasTest(InFolder):
    def setUp(self):
        super().setUp()
        self.schema = json.loads((SOURCE / "docs" / "schemas" / "frame-1.schema.json").read_text())
        jsonschema.Draft202012Validator.check_schema(self.schema)
        self.validator = jsonschema.Draft202012Validator(self.schema)
        write_pictures(self.folder / "images")

    def frames(self, model):
        """The frames that a model of random weights gives."""
        eager = {**EAGER, "tracker.birth_score": 0.001, "tracker.confirm_score_sum": 0}
        lines = run("track", "--source", self.folder / "images", "--model", SOURCE / "tests" / "data" / model,
                    "--save-jsonl", "-", *flags(eager))
        return [json.loads(line) for line in lines.splitlines()]

    def test_frames_with_every_shape(self):
        for model, part in (("tiny_8_seg.pt", "mask"), ("tiny_8_pose.pt", "keypoints"),
                            ("tiny_12_obb.pt", "rotated_box")):
            frames = self.frames(model)
            tracks = [track for frame in frames for track in frame["tracks"]]
            self.assertTrue(any(part in track for track in tracks), f"{model} gave no {part}")
            described = self.schema["$defs"]["track"]["properties"].keys()
            for frame in frames:
                self.validator.validate(frame)
                self.assertLessEqual(frame.keys(), self.schema["properties"].keys())
            for track in tracks:
                self.assertLessEqual(track.keys(), described)

    def test_a_shape_that_is_none_is_refused(self):
        frame = self.frames("tiny_8_seg.pt")[-1]
        track = next(track for track in frame["tracks"] if "mask" in track)
        for wrong in ({"mask": {"size": [4], "counts": "0"}}, {"mask": {"size": [4, 4]}}, {"keypoints": []},
                      {"keypoints": [[1, 2, 1.5]]}, {"rotated_box": [1, 2, -3, 4, 0]}, {"rotated_box": [1, 2, 3, 4]}):
            with self.assertRaises(jsonschema.ValidationError, msg=wrong):
                self.validator.validate({**frame, "tracks": [{**track, **wrong}]})


if __name__ == "__main__":
    unittest.main()
