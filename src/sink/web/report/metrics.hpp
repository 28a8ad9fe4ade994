// Writes the state of the program as metrics for Prometheus.
#pragma once

#include <string>

#include "sink/web/report/reports.hpp"

namespace onepass::sink {

/// Prometheus text format 0.0.4.
std::string metrics_text(const Report& report);

}  // namespace onepass::sink
