#!/usr/bin/python3
"""Tests the training code against independent definitions, and a miniature training run from pixels to a model file.

    tools/train/check_training.py           (exit code 77 if PyTorch, NumPy or Pillow is missing)
"""
import math
import pathlib
import sys
import tempfile
import unittest

TOOLS = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TOOLS / "train"), str(TOOLS / "models")]

try:
    import numpy
    import torch
    from PIL import Image, ImageDraw
except ImportError as missing:
    print(f"check_training: skipped: {missing} (Debian: python3-torch python3-numpy python3-pil)")
    sys.exit(77)

from assignment import ALPHA, BETA, CANDIDATES, assign, overlaps
from evaluate import average_precision, detect, judge
from identity import found_again, identity_loss, pool, standardized
from loss import complete_iou, detection_loss, distribution_focal
from network import CLASSES, build, cells, decode, for_training, load_stock, raw_maps, save_stock
from scenes import Crops, Objects, Scenes, collate, read_truth, window


def iou(a, b):
    width = max(0, min(a[2], b[2]) - max(a[0], b[0]))
    height = max(0, min(a[3], b[3]) - max(a[1], b[1]))
    both = width * height
    return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)


def random_boxes(random, count, side=96.0):
    corner = random.uniform(0, side * 0.7, (count, 2))
    return numpy.concatenate((corner, corner + random.uniform(8, side * 0.4, (count, 2))), 1)


def assign_one(predicted, scores, centers, boxes, classes):
    """The published rule, computed object by object: cell → (object, target quality)."""
    wanted = {}
    for o, (box, c) in enumerate(zip(boxes, classes)):
        inside = [i for i, (x, y) in enumerate(centers) if box[0] < x < box[2] and box[1] < y < box[3]]
        aligned = {i: scores[i][c] ** ALPHA * iou(predicted[i], box) ** BETA for i in inside}
        for i in sorted(aligned, key=aligned.get, reverse=True)[:CANDIDATES]:
            if aligned[i] > 0:
                wanted.setdefault(i, []).append((iou(predicted[i], box), o, aligned[i]))
    kept = {i: max(claims) for i, claims in wanted.items()}
    result = {}
    for i, (_, o, alignment) in kept.items():
        mine = [claim for claim in kept.values() if claim[1] == o]
        result[i] = (o, alignment * max(m[0] for m in mine) / max(m[2] for m in mine))
    return result


class Assignment(unittest.TestCase):
    def test_is_the_published_rule(self):
        random = numpy.random.default_rng(3)
        centers, _ = cells(96, 96, [8, 16, 32])
        for _ in range(20):
            boxes, classes = random_boxes(random, 5), random.integers(0, 4, 5)
            near = boxes[random.integers(0, 5, len(centers))] + random.normal(0, 4, (len(centers), 4))
            scores = random.uniform(0.01, 0.99, (len(centers), 4))
            tensor = lambda values: torch.tensor(values)[None]
            valid = torch.ones(1, 5, dtype=torch.bool)
            found = assign(tensor(near), tensor(scores), centers.double(), tensor(boxes), tensor(classes), valid, ~valid)
            expected = assign_one(near, scores, centers.tolist(), boxes, classes)
            self.assertEqual(set(found.positive[0].nonzero()[:, 0].tolist()), set(expected))
            for cell, (index, quality) in expected.items():
                self.assertEqual(int(found.objects[0, cell]), index)
                self.assertAlmostEqual(float(found.quality[0, cell]), quality, places=6)

    def test_ignores_cells_of_what_is_to_be_ignored_and_padding_claims_nothing(self):
        centers, _ = cells(64, 64, [8])
        boxes = torch.tensor([[[0.0, 0, 32, 64], [32, 0, 64, 64], [0, 0, 64, 64]]])
        predicted = boxes[:, :1].expand(1, len(centers), 4)
        flags = lambda *values: torch.tensor([values])
        found = assign(predicted, torch.full((1, len(centers), 4), 0.5), centers, boxes, flags(0, 0, 0),
                       flags(True, False, False), flags(False, True, False))
        right_half = centers[:, 0] > 32
        self.assertTrue(torch.equal(found.ignored[0], right_half))
        self.assertEqual(int(found.positive.sum()), CANDIDATES)
        self.assertFalse(bool(found.positive[0, right_half].any()))


class Losses(unittest.TestCase):
    def test_complete_iou_is_its_formula(self):
        random = numpy.random.default_rng(5)
        for a, b in zip(random_boxes(random, 50), random_boxes(random, 50)):
            overlap = iou(a, b)
            offset = [(a[i] + a[i + 2] - b[i] - b[i + 2]) / 2 for i in (0, 1)]
            hull = [max(a[i + 2], b[i + 2]) - min(a[i], b[i]) for i in (0, 1)]
            distance = (offset[0] ** 2 + offset[1] ** 2) / (hull[0] ** 2 + hull[1] ** 2)
            angle = lambda box: math.atan((box[2] - box[0]) / (box[3] - box[1]))
            shape = 4 / math.pi**2 * (angle(a) - angle(b)) ** 2
            expected = overlap - distance - (shape / (1 - overlap + shape) * shape if shape else 0)
            self.assertAlmostEqual(float(complete_iou(torch.tensor(a), torch.tensor(b))), expected, places=5)

    def test_distribution_focal_is_least_where_the_bins_expect_the_side(self):
        logits = torch.zeros(8, requires_grad=True)
        side = torch.tensor(2.25)
        optimizer = torch.optim.LBFGS([logits], max_iter=200)

        def closure():
            optimizer.zero_grad()
            loss = distribution_focal(logits[None], side[None]).sum()
            loss.backward()
            return loss

        optimizer.step(closure)
        self.assertAlmostEqual(float(logits.softmax(0) @ torch.arange(8.0)), 2.25, places=2)
        expected = -(0.75 * math.log(0.75) + 0.25 * math.log(0.25))
        self.assertAlmostEqual(float(distribution_focal(logits[None], side[None]).detach()), expected, places=3)

    def test_decoded_box_is_center_and_expected_sides(self):
        distances = torch.full((1, 1, 4, 16), -50.0)
        for side, bin in enumerate((1, 2, 3, 4)):
            distances[0, 0, side, bin] = 50
        box = decode(distances, torch.tensor([[100.0, 60.0]]), torch.tensor([8.0]))
        self.assertEqual(box[0, 0].tolist(), [92, 44, 124, 92])


class Identity(unittest.TestCase):
    def test_pools_the_stripes_of_a_box(self):
        rows = torch.arange(16.0).view(1, 1, 16, 1).expand(1, 1, 16, 16)  # a map of row indices, at stride 4
        boxes = torch.tensor([[[8.0, 16, 40, 48], [0, 0, 64, 64]]])
        pooled = pool(rows, boxes, 4, 8)
        # A box over rows 4 … 12 has stripes of one row, a box over all 16 rows has stripes of two. Values are located
        # at cell centers.
        self.assertTrue(torch.allclose(pooled[0, 0], torch.arange(8) + 4.0, atol=1e-4))
        self.assertTrue(torch.allclose(pooled[0, 1, 1:7], torch.arange(1, 7) * 2 + 0.5, atol=1e-4))

    def test_standardized_values_say_nothing_of_size(self):
        torch.manual_seed(2)
        heights = torch.rand(200) * 180 + 20
        u = torch.log(heights / 100)
        values = torch.stack((3 + 2 * u - u * u, torch.randn(200)), 1)
        values[:, 0] += 0.01 * torch.randn(200)
        left = standardized(values, heights)
        self.assertLess(float((left * u[:, None]).mean(0).abs().max()), 0.01)
        self.assertLess(float((left.std(0) - 1).abs().max()), 0.1)

    def test_loss_is_its_formula_and_the_same_image_is_no_evidence(self):
        torch.manual_seed(4)
        vectors = torch.nn.functional.normalize(torch.randn(6, 5), dim=1)
        identities, images = torch.tensor([1, 2, 1, 2, 3, 1]), torch.tensor([0, 0, 1, 1, 1, 2])
        terms = []
        for i in range(6):
            others = [j for j in range(6) if j != i]
            total = sum(math.exp(float(vectors[i] @ vectors[j]) / 0.1) for j in others)
            mates = [j for j in others if identities[j] == identities[i] and images[j] != images[i]]
            if mates:
                terms.append(-sum(float(vectors[i] @ vectors[j]) / 0.1 - math.log(total) for j in mates) / len(mates))
        self.assertAlmostEqual(float(identity_loss(vectors, identities, images)), sum(terms) / len(terms), places=4)
        self.assertEqual(float(identity_loss(vectors, identities, torch.zeros(6))), 0)
        vectors = torch.tensor([[1, 0], [0, 1], [0.9, 0.1], [0.8, 0.2]])  # the last one is closer to the first
        self.assertEqual(found_again(vectors, torch.tensor([1, 2, 1, 2]), torch.tensor([0, 0, 1, 1])), 0.75)


class Precision(unittest.TestCase):
    def test_is_the_area_under_the_envelope(self):
        # By hand, 4 objects: true, false, true, true positive; precision 1, 1/2, 2/3, 3/4; envelope at the hits 1, 3/4,
        # 3/4.
        verdicts, scores = numpy.array([1, 0, 1, 1]), numpy.array([0.9, 0.8, 0.7, 0.6])
        self.assertAlmostEqual(average_precision(verdicts, scores, 4), (1 + 0.75 + 0.75) / 4)
        self.assertAlmostEqual(average_precision(verdicts[::-1], scores[::-1], 4), (1 + 0.75 + 0.75) / 4)
        self.assertEqual(average_precision(numpy.array([0, 0]), numpy.array([0.5, 0.4]), 3), 0)
        self.assertAlmostEqual(average_precision(numpy.array([1, -1, -1]), numpy.array([0.5, 0.7, 0.6]), 1), 1)

    def test_an_object_is_found_once_and_ignored_ones_absolve(self):
        truth = numpy.array([[0, 0, 10, 10], [50, 50, 60, 60]], float)
        boxes = numpy.array([[0, 0, 10, 10], [0, 0, 10, 9], [50, 50, 60, 60], [80, 80, 90, 90]], float)
        verdicts = judge(boxes, numpy.array([0.9, 0.8, 0.7, 0.6]), truth, numpy.array([True, False]))
        self.assertEqual(verdicts.tolist(), [1, 0, -1, 0])


def write_pictures(folder, count):
    """Writes images of bright rectangles in four colors, one per class, on a dark background."""
    random = numpy.random.default_rng(11)
    (folder / "img1").mkdir(parents=True)
    (folder / "gt").mkdir()
    colors, numbers, lines = ((255, 40, 40), (40, 255, 40), (60, 60, 255), (240, 240, 40)), (1, 4, 3, 6), []
    for frame in range(1, count + 1):
        picture = Image.new("RGB", (96, 96), (20, 20, 20))
        for i in range(2):
            c = int(random.integers(0, 4))
            left, top = 48 * i + random.uniform(2, 12), random.uniform(2, 40)
            width, height = random.uniform(20, 32), random.uniform(24, 50)
            ImageDraw.Draw(picture).rectangle((left, top, left + width, top + height), colors[c])
            lines.append(f"{frame},{i + 1},{left + 1},{top + 1},{width},{height},1,{numbers[c]},1")
        picture.save(folder / "img1" / f"{frame:06d}.png")
    (folder / "gt" / "gt.txt").write_text("\n".join(lines) + "\n")


class Data(unittest.TestCase):
    def test_a_window_moves_scales_clips_and_lets_go(self):
        boxes = numpy.array([[10, 10, 30, 50], [90, 10, 110, 50], [300, 10, 310, 30], [88, 10, 118, 50.0]])
        objects = Objects(boxes, numpy.arange(4), numpy.ones(4, bool), numpy.arange(4) + 7)
        seen = window(objects, 0, 0, 2.0, 200, 200)
        self.assertEqual(seen.boxes.tolist(), [[20, 20, 60, 100], [180, 20, 200, 100], [176, 20, 200, 100]])
        self.assertEqual(seen.classes.tolist(), [0, 1, 3])
        self.assertEqual(seen.identities.tolist(), [7, 8, 10])
        self.assertEqual(seen.wanted.tolist(), [True, True, True])  # the clipped ones are half and two fifths visible
        moved = window(objects, 25, 0, 1.0, 200, 200)
        self.assertEqual(moved.wanted.tolist(), [False, True, True])  # a quarter of the first is visible

    def test_truth_says_what_is_wanted(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "gt.txt"
            path.write_text("2,1,5,6,10,20,1,1,1\n2,2,5,6,10,20,0,1,1\n2,3,5,6,10,20,1,3,0.2\n7,1,0,0,4,4,1,8,1\n")
            truth = read_truth(path)
        self.assertEqual(truth[2].boxes[0].tolist(), [4, 5, 14, 25])
        self.assertEqual(truth[2].classes.tolist(), [0, 0, 2])
        self.assertEqual(truth[2].wanted.tolist(), [True, False, False])
        self.assertEqual(truth[7].wanted.tolist(), [False])

    def test_truth_of_2015_holds_persons_and_places_in_the_world(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "gt.txt"
            path.write_text("1,9,499,158,31,75,1,-4.1,-7.3,0\n1,15,258,219,32,88,0,3,0.1,0\n")
            truth = read_truth(path)[1]
        self.assertEqual(truth.classes.tolist(), [0, 0])
        self.assertEqual(truth.wanted.tolist(), [True, False])

    def test_crops_follow_from_seed_and_number_and_boxes_stay_on_their_objects(self):
        with tempfile.TemporaryDirectory() as folder:
            write_pictures(pathlib.Path(folder), 6)
            crops, again = (Crops(Scenes([folder]), Scenes([folder]), 96, 5, 10, 4, even=2) for _ in range(2))
            for k in range(30):  # two ordinary batches, and one with equally frequent classes
                (pixels, objects), (same, _) = crops[k], again[k]
                self.assertTrue(torch.equal(pixels, same))
                light = pixels.amax(0).numpy()
                for left, top, right, bottom in objects.boxes[objects.wanted].round().astype(int):
                    inside = light[top + 2:bottom - 2, left + 2:right - 2]
                    self.assertGreater(inside.mean(), light[0].min() + 0.2)
            self.assertFalse(torch.equal(crops[0][0], crops[1][0]))


class Miniature(unittest.TestCase):
    def test_learns_a_few_pictures_and_the_file_says_the_same(self):
        torch.manual_seed(1)
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            write_pictures(folder, 8)
            scenes = Scenes([folder])
            samples = [(torch.from_numpy(numpy.asarray(Image.open(p), numpy.float32).transpose(2, 0, 1) / 255), o)
                       for p, o in zip(scenes.pictures, scenes.objects)]
            pixels, objects = collate(samples)
            model = for_training(build())
            centers, strides = cells(96, 96, [8, 16, 32])
            optimizer = torch.optim.AdamW(model.parameters(), 3e-3)
            for _ in range(120):
                loss, _ = detection_loss(*raw_maps(model, pixels)[:2], centers, strides, objects)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            save_stock(model, folder / "model.pt")
            self.assertLess((folder / "model.pt").stat().st_size, 3_000_000)
            stored = load_stock(folder / "model.pt")
        right = sum(int(judge(boxes, scores, o.boxes[o.classes == c], o.wanted[o.classes == c])[:1].sum())
                    for image, (_, o) in zip(pixels, samples) for c, (boxes, scores) in enumerate(detect(stored, image)))
        kinds = sum(len(set(o.classes.tolist())) for _, o in samples)
        self.assertGreaterEqual(right, 0.8 * kinds)  # best box of each class in each image, from the stored file
        self.assertEqual(tuple(stored.names.values()), CLASSES)


if __name__ == "__main__":
    torch.set_num_threads(1)
    unittest.main()
