// The parameters of the detector, the embeddings and the memory, in the order in which they are shown.
#include <algorithm>
#include <cctype>

#include "config/fields.hpp"

namespace onepass::config {
namespace {

/// A device; "0" means cuda:0, as for Ultralytics.
Field device_field(std::string& device) {
  auto field = text("device", device, "Device of the network: cpu, cuda (the first GPU), cuda:N or N (GPU N, from 0).");
  field.read = [&device, read = std::move(field.read)](const YAML::Node& node) {
    read(node);
    const auto is_digit = [](unsigned char letter) { return std::isdigit(letter) != 0; };
    if (!device.empty() && std::ranges::all_of(device, is_digit)) device.insert(0, "cuda:");
  };
  return field;
}

}  // namespace

std::vector<Field> fields_of(DetectorConfig& c) {
  return {
      with_short_flag(number("imgsz", c.imgsz, 32, 8192,
                             "Longer side of the network's input in pixels, rounded up to a multiple of its stride.")),
      flag("rect", c.rect, "Pad the shorter side only to the next multiple of the stride, instead of to a square."),
      with_short_flag(number("conf", c.conf, 0, 1,
                             "Score threshold: detections with a higher score are kept. The default is low because the "
                             "stages of the tracker have thresholds of their own.")),
      with_short_flag(number("iou", c.iou, 0, 1,
                             "IoU threshold of non-maximum suppression: of two boxes of one class with a higher IoU, "
                             "the one with the lower score is dropped. It has no effect on end-to-end models.")),
      with_short_flag(texts("classes", c.classes, "Names or numbers of the classes to keep; empty: all.")),
      with_short_flag(
          number("max_det", c.max_det, 1, 100000, "Max detections per frame; those with the highest scores are kept.")),
      with_short_flag(device_field(c.device)),
      with_short_flag(
          choice<ExecutorChoice>("executor", c.executor,
                                 {{ExecutorChoice::automatic, "auto",
                                   "the first of the others that supports the model, the device and the precision"},
                                  {ExecutorChoice::openvino, "openvino", "OpenVINO, on the CPU only"},
                                  {ExecutorChoice::aten, "aten",
                                   "LibTorch, which also runs .torchscript exports; not ONNX and OpenVINO files"}},
                                 "Library that runs the network.")),
      with_short_flag(choice<Precision>(
          "precision", c.precision,
          {{Precision::automatic, "auto",
            "with OpenVINO int8 for quantized models, and bf16 where the processor has instructions for it; otherwise "
            "f32"},
           {Precision::f32, "f32", "single precision"},
           {Precision::f16, "f16", "half precision, on CUDA only"},
           {Precision::bf16, "bf16",
            "bfloat16, with OpenVINO only: faster on processors with instructions for it (AMX, AVX512-BF16), but some "
            "detections change"},
           {Precision::int8, "int8", "8-bit integers, for quantized models (of onepass quantize, ONNX and OpenVINO)"}},
          "Number format in which the network computes.")),
      number("threads", c.threads, 0, 1024, "CPU threads of the network; 0: one per logical core."),
      flag("cache", c.cache,
           "Keep networks that OpenVINO has compiled in the user's cache folder ($XDG_CACHE_HOME/onepass or "
           "~/.cache/onepass, at most 1 GB), so that the next run starts sooner."),
  };
}

std::vector<Field> fields_of(EmbedConfig& c) {
  return {
      choice<EmbedMethod>("method", c.method,
                          {{EmbedMethod::none, "none", "no embeddings, the tracker compares boxes only"},
                           {EmbedMethod::roi, "roi", "mean of the feature maps in each stripe of the box"},
                           {EmbedMethod::cell, "cell",
                            "the feature-map cell that predicted the box, in the layers that the head reads"}},
                          "How an embedding is read from the feature maps."),
      texts("layers", c.layers,
            "Numbers or names of the layers to read, as onepass inspect lists them (method roi). Empty: the deepest "
            "backbone layers of strides 4 and 8."),
      numbers("stripes", c.stripes, 1, 64,
              "Number of horizontal stripes per layer, or one number for all layers (method roi). Empty: 8, 8, 4 and 1 "
              "for the strides 4, 8, 16 and 32."),
      number("columns", c.columns, 1, 64, "Number of columns that each stripe is divided into (method roi)."),
      choice<EmbedPooling>("pooling", c.pooling,
                           {{EmbedPooling::area, "area", "mean of the cells, weighted by the area inside the box"},
                            {EmbedPooling::align, "align", "mean of bilinear samples, as in RoIAlign"}},
                           "How a part of a box is read from a feature map (method roi)."),
      choice<EmbedRegion>("region", c.region,
                          {{EmbedRegion::box, "box", "all of the box"},
                           {EmbedRegion::mask, "mask",
                            "the object's own cells, where the model gives a mask; otherwise all of the box"}},
                          "Which cells of a box count (method roi, pooling area)."),
      number("center_weight", c.center_weight, 1, 100,
             "Weight of the middle half of each stripe, relative to the quarters at its sides, which show more of the "
             "background (method roi, pooling area, one column). 1: all alike."),
      flag("standardize", c.standardize,
           "Standardize each value by the stream's confident detections of similar size: subtract their mean and "
           "divide by their standard deviation (method roi)."),
      flag("visible_parts", c.visible_parts,
           "Weight each stripe by its visible share: the part not covered by boxes in front, which are those with a "
           "lower bottom edge (method roi)."),
      choice<EmbedCalibration>(
          "calibrate", c.calibrate,
          {{EmbedCalibration::none, "none", "nothing"},
           {EmbedCalibration::online, "online",
            "how the embedding of one object varies from frame to frame, and how objects differ"}},
          "What is learned about the embeddings from the stream itself, without labels (method roi with standardize "
          "and without a calibration file). Cameras that share identities at the same time learn nothing, whatever "
          "a configuration file says, unless this is given on the command line or as a keyword: each would learn "
          "something else, and their embeddings could not be compared."),
      text("calibration", c.calibration,
           "Calibration file that onepass calibrate wrote for this camera and model; it replaces calibrate: online. "
           "Empty: none."),
  };
}

std::vector<Field> fields_of(MemoryConfig& c) {
  return {
      flag("enabled", c.enabled,
           "Compare new tracks with the identities seen before, so that a returning object gets its old id. New tracks "
           "get their id a few detections later."),
      number("capacity", c.capacity, 1, 1000000,
             "Max number of remembered identities, not counting those being tracked. If there are more, the least "
             "useful one (detected rarely and long ago) is dropped."),
      number("lifetime_s", c.lifetime_s, 0, 1e9,
             "A remembered identity that has not been seen for more than this many seconds is dropped. Only the time "
             "during which a stream is processed counts. 0: no limit."),
      number("exemplars", c.exemplars, 1, 64,
             "Max number of views kept per identity; each is the mean of similar embeddings."),
      number("limit", c.limit, -10, 1,
             "Max appearance distance between a new track and an identity, in units of the learned separation: 0 is "
             "the distance of a typical match, 1 that of the most similar other object, in sight or remembered."),
      number("margin", c.margin, 0, 10,
             "Min lead over every other identity, remembered or in sight, in the units of limit."),
      number("agreement", c.agreement, 1, 1000,
             "Number of consecutive detections that must agree on an identity before the track gets it."),
      number("patience", c.patience, 0, 1000,
             "A track gets a new id after more than this many detections without agreement."),
      number("wait_s", c.wait_s, 0, 60,
             "A track gets a new id after this many seconds at the latest. Detections that reach the edge of the image "
             "or are mostly covered show too little to be compared; they are waited for until then."),
      number("travel_s", c.travel_s, 0, 1e6,
             "Cameras that share a memory: an identity that one camera sees can appear on another only after this many "
             "seconds."),
      flag("overlapping_views", c.overlapping_views,
           "Cameras that share a memory: the same identity may be in view of several cameras at the same time."),
  };
}

std::vector<Group> groups_of(Config& config) {
  return {
      {"detector", "From frames to detections.", fields_of(config.detector)},
      {"embed", "From feature maps and boxes to embeddings.", fields_of(config.embed)},
      {"tracker", "From detections to tracks.", fields_of(config.tracker)},
      {"memory", "Identities that outlive their tracks.", fields_of(config.tracker.memory)},
  };
}

}  // namespace onepass::config
