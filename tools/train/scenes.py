"""Loads frames with ground truth in MOTChallenge layout: augmented crops for training, letterboxed for evaluation."""
import configparser
import io
import pathlib
from dataclasses import dataclass

import numpy
import torch
from PIL import Image, ImageFilter

from network import CLASSES

# MOTChallenge class numbers; a rider (2) is a person, and 6 is the truck of make_scene.
CLASS_NUMBERS = {1: 0, 2: 0, 4: 1, 3: 2, 6: 3}
PEDESTRIAN = 1  # the only class whose "consider" flag in the file is meaningful
GRAY = 114  # padding color around images, as in letterboxing
LEAST_VISIBILITY = 0.3  # objects below are ignored, neither positive nor background
LEAST_HEIGHT, LEAST_WIDTH = 10, 4  # in pixels; smaller objects are ignored too
BALANCED_FROM = 500  # from this step on, a crop picks its object's class uniformly among the image's classes


@dataclass
class Objects:
    boxes: numpy.ndarray  # n × 4: left, top, right, bottom
    classes: numpy.ndarray
    wanted: numpy.ndarray  # False: ignored
    identities: numpy.ndarray

    def at(self, boxes, wanted, kept):
        """The kept objects, with new boxes and flags."""
        return Objects(boxes[kept], self.classes[kept], wanted[kept], self.identities[kept])


class Scenes:
    """Images and objects of one or several folders with img1/ and gt/gt.txt; frames without an image are skipped."""

    def __init__(self, folders):
        self.pictures, self.objects, self.starts = [], [], []
        for folder in map(pathlib.Path, folders):
            self.starts.append(len(self.pictures))
            truth = read_truth(folder / "gt" / "gt.txt")
            pictures = sorted(p for p in (folder / image_folder(folder)).iterdir() if p.stem.isdigit())
            for picture in pictures:
                self.pictures.append(picture)
                self.objects.append(truth.get(int(picture.stem), objects_of(numpy.zeros((0, 9)))))

    def __len__(self):
        return len(self.pictures)


def image_folder(folder):
    settings = configparser.ConfigParser()
    settings.read(folder / "seqinfo.ini")
    return settings.get("Sequence", "imDir", fallback="img1")


def read_truth(path):
    """Returns frame → Objects. Columns: frame, id, left, top, width, height, consider, class, visibility. Files with
    ten columns have the layout of 2015: only persons, with world coordinates instead of class and visibility."""
    rows = numpy.loadtxt(path, delimiter=",", ndmin=2)
    if rows.shape[1] < 9:
        raise SystemExit(f"{path}: {rows.shape[1]} columns, expected 9 or 10")
    if rows.shape[1] > 9:
        rows[:, 7:9] = (1, -1)
    rows = rows[numpy.argsort(rows[:, 0], kind="stable")]
    frames, starts = numpy.unique(rows[:, 0].astype(int), return_index=True)
    return {frame: objects_of(part) for frame, part in zip(frames.tolist(), numpy.split(rows, starts[1:]))}


def objects_of(rows):
    corner = rows[:, 2:4] - 1  # MOTChallenge counts pixels from 1
    boxes = numpy.concatenate((corner, corner + rows[:, 4:6]), 1)
    classes = numpy.array([CLASS_NUMBERS.get(int(number), -1) for number in rows[:, 7]], int)
    visible = (rows[:, 8] >= LEAST_VISIBILITY) | (rows[:, 8] < 0)  # negative: not given in the file
    considered = (rows[:, 6] > 0) | (rows[:, 7] != PEDESTRIAN)
    return Objects(boxes, numpy.maximum(classes, 0), considered & visible & (classes >= 0), rows[:, 1].astype(int))


def window(objects, left, top, scale, width, height):
    """Objects in a window of width × height after scaling; objects that are mostly outside are ignored."""
    boxes = (objects.boxes - [left, top, left, top]) * scale
    clipped = numpy.clip(boxes, 0, [width, height, width, height])
    area = lambda b: numpy.prod(b[:, 2:] - b[:, :2], 1)
    kept = area(clipped) > 0
    wanted = objects.wanted & (area(clipped) >= LEAST_VISIBILITY * area(boxes))
    wanted &= (clipped[:, 2] - clipped[:, 0] >= LEAST_WIDTH) & (clipped[:, 3] - clipped[:, 1] >= LEAST_HEIGHT)
    return objects.at(clipped, wanted, kept)


def view(picture, left, top, scale, width, height):
    """The image in that window, padded with gray."""
    canvas = Image.new("RGB", (width, height), (GRAY,) * 3)
    first = [max(left, 0), max(top, 0)]
    last = [min(left + width / scale, picture.width), min(top + height / scale, picture.height)]
    at = [round((first[0] - left) * scale), round((first[1] - top) * scale)]
    size = [round((last[i] - first[i]) * scale) for i in (0, 1)]
    if min(size) > 0:
        canvas.paste(picture.resize(size, Image.Resampling.BILINEAR, (*first, *last)), at)
    return canvas


def letterboxed(picture, objects, side):
    """The whole image, its longer side scaled to `side`, padded right and below to multiples of 32."""
    scale = side / max(picture.size)
    width, height = (-(-round(n * scale) // 32) * 32 for n in picture.size)
    return view(picture, 0, 0, scale, width, height), window(objects, 0, 0, scale, width, height), scale


class Crops(torch.utils.data.Dataset):
    """An endless, reproducible sequence of augmented crops: sample k depends only on the seed and k.

    Every batch starts with crops of single images, which have no identities, and ends with `alike` crops of the same
    sequence with the same color augmentation. From step `even` on, single images are drawn so that all classes are
    equally frequent.
    """

    def __init__(self, singles, sequences, side, seed, batch, alike, even):
        self.singles, self.sequences, self.side, self.seed = singles, sequences, side, seed
        self.batch, self.alike, self.even = batch, alike, even
        self.orders = {}
        showing = lambda c: [i for i, objects in enumerate(singles.objects) if (objects.classes[objects.wanted] == c).any()]
        self.showing = [(c, frames) for c in range(len(CLASSES)) if (frames := showing(c))]

    def nth(self, name, n, k):
        """The k-th number of consecutive random permutations of 0 … n - 1."""
        epoch, position = divmod(k, n)
        if self.orders.get(name, (-1, None))[0] != epoch:
            self.orders[name] = (epoch, numpy.random.default_rng([self.seed, epoch]).permutation(n))
        return self.orders[name][1][position]

    def __getitem__(self, k):
        step, position = divmod(k, self.batch)
        first_alike = self.batch - self.alike
        random = numpy.random.default_rng([self.seed, k, 1])
        wanted_class = None
        if position < first_alike and step >= self.even:
            wanted_class, frames = self.showing[random.integers(len(self.showing))]
            frame, scenes, light = random.choice(frames), self.singles, random
        elif position < first_alike:
            frame, scenes, light = self.nth("single", len(self.singles), step * first_alike + position), self.singles, random
        else:
            ends = [*self.sequences.starts[1:], len(self.sequences)]
            sequence = self.nth("sequence", len(ends), step)
            start, end = self.sequences.starts[sequence], ends[sequence]
            order = numpy.random.default_rng([self.seed, step, 2]).permutation(end - start)
            frame, scenes = start + order[(position - first_alike) % len(order)], self.sequences
            light = numpy.random.default_rng([self.seed, step, 3])
        with Image.open(scenes.pictures[frame]) as file:
            picture = file.convert("RGB")
        picture, objects = crop(picture, scenes.objects[frame], self.side, step >= BALANCED_FROM, wanted_class,
                                random)
        if position < first_alike:
            objects.identities = numpy.full_like(objects.identities, -1)
        return to_tensor(recolor(picture, light)), objects


def around(box, size, extent, random):
    """Corner of a window that contains the center of the box and, as far as possible, only image pixels."""
    middle = (box[:2] + box[2:]) / 2
    corner = [m - extent * random.uniform(0.15, 0.85) for m in middle]
    return [min(max(c, min(0, n - extent)), max(0, n - extent)) for c, n in zip(corner, size)]


def sought(objects, balanced, wanted_class, random):
    """Index of a random wanted object: of a given class, of a class chosen uniformly, or any."""
    candidates = numpy.flatnonzero(objects.wanted)
    if wanted_class is not None:
        candidates = candidates[objects.classes[candidates] == wanted_class]
    elif balanced:
        classes = objects.classes[candidates]
        candidates = candidates[classes == random.choice(numpy.unique(classes))]
    return random.choice(candidates)


def crop(picture, objects, side, balanced, wanted_class, random):
    """A random window at a random scale, mirrored with probability 1/2."""
    scale = side / min(picture.size) * numpy.exp(random.uniform(numpy.log(0.75), numpy.log(2.0)))
    place = [random.uniform(min(0, room), max(0, room)) for room in (n - side / scale for n in picture.size)]
    if objects.wanted.any() and random.random() < 0.7:
        place = around(objects.boxes[sought(objects, balanced, wanted_class, random)], picture.size, side / scale, random)
    left, top = place
    picture = view(picture, left, top, scale, side, side)
    objects = window(objects, left, top, scale, side, side)
    if random.random() < 0.5:
        picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        objects.boxes = numpy.stack((side - objects.boxes[:, 2], objects.boxes[:, 1], side - objects.boxes[:, 0],
                                     objects.boxes[:, 3]), 1)
    return picture, objects


def recolor(picture, random):
    """Random blur, compression, brightness, color and noise. Returns height × width × 3 in 0…1."""
    if random.random() < 0.15:
        picture = picture.filter(ImageFilter.GaussianBlur(random.uniform(0.3, 1.5)))
    if random.random() < 0.2:
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=int(random.integers(25, 80)))
        picture = Image.open(buffer)
    pixels = numpy.asarray(picture, numpy.float32) / 255
    if random.random() < 0.1:
        pixels = numpy.repeat(pixels.mean(2, keepdims=True), 3, 2)
    gray = pixels.mean(2, keepdims=True)
    pixels = gray + (pixels - gray) * random.uniform(0.5, 1.5)  # saturation
    pixels = 0.5 + (pixels - 0.5) * random.uniform(0.7, 1.3)  # contrast
    pixels = pixels * random.uniform(0.9, 1.1, 3) + random.uniform(-0.15, 0.15)  # white balance, brightness
    if random.random() < 0.3:
        pixels = pixels + random.normal(0, random.uniform(0.005, 0.04), pixels.shape)
    return numpy.clip(pixels, 0, 1).astype(numpy.float32)


def to_tensor(pixels):
    return torch.from_numpy(numpy.ascontiguousarray(pixels.transpose(2, 0, 1)))


def collate(samples):
    """Stacks images and pads their objects to the same number."""
    most = max(1, *(len(objects.classes) for _, objects in samples))
    shape = (len(samples), most)
    batch = {"boxes": torch.zeros(*shape, 4), "classes": torch.zeros(*shape, dtype=torch.long),
             "valid": torch.zeros(*shape, dtype=torch.bool), "ignore": torch.zeros(*shape, dtype=torch.bool),
             "identities": torch.full(shape, -1)}
    for i, (_, objects) in enumerate(samples):
        n = len(objects.classes)
        batch["boxes"][i, :n] = torch.from_numpy(objects.boxes)
        batch["classes"][i, :n] = torch.from_numpy(objects.classes)
        batch["valid"][i, :n] = torch.from_numpy(objects.wanted)
        batch["ignore"][i, :n] = torch.from_numpy(~objects.wanted)
        batch["identities"][i, :n] = torch.from_numpy(objects.identities)
    return torch.stack([pixels for pixels, _ in samples]), batch
