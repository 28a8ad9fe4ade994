// The page of a tuning report: tables, and a plot of every parameter as SVG.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "tune/parameter_effect.hpp"
#include "tune/tuning_report.hpp"

namespace onepass::tune {
namespace {

constexpr double width = 460;
constexpr double height = 220;
constexpr double left = 52;
constexpr double right = 12;
constexpr double top = 12;
constexpr double bottom = 34;

constexpr const char* style = R"(<style>
body { font: 15px/1.5 system-ui, sans-serif; color: #222; max-width: 62em; margin: 2em auto; padding: 0 1em }
table { border-collapse: collapse } td, th { padding: .15em .8em; text-align: right } td:first-child { text-align: left }
tr:last-child td { border-top: 1px solid #999; font-weight: 600 } pre { background: #f4f4f4; padding: .8em; overflow: auto }
figure { display: inline-block; margin: .5em 1em .5em 0 } figcaption { font-weight: 600 }
svg text { font: 11px system-ui, sans-serif; fill: #444 }
</style>)";

std::string escaped(const std::string& text) {
  std::string result;
  for (const char letter : text) {
    if (letter == '&')
      result += "&amp;";
    else if (letter == '<')
      result += "&lt;";
    else if (letter == '>')
      result += "&gt;";
    else
      result += letter;
  }
  return result;
}

/// Maps values and objectives to the pixels of a plot.
class Axes {
 public:
  Axes(const Parameter& parameter, const std::vector<Trial>& trials) : parameter_(parameter) {
    low_ = high_ = trials.front().objective;
    for (const auto& trial : trials) {
      low_ = std::min(low_, trial.objective);
      high_ = std::max(high_, trial.objective);
    }
    if (high_ - low_ < 0.1) high_ = low_ + 0.1;
  }

  double x(double value) const {
    double share = 0;
    if (parameter_.kind == ParameterKind::choice)
      share = (value + 0.5) / static_cast<double>(parameter_.choices.size());
    else if (parameter_.logarithmic)
      share = std::log(value / parameter_.low) / std::log(parameter_.high / parameter_.low);
    else
      share = (value - parameter_.low) / (parameter_.high - parameter_.low);
    return left + share * (width - left - right);
  }
  double y(double objective) const {
    return height - bottom - (objective - low_) / (high_ - low_) * (height - top - bottom);
  }
  double low() const { return low_; }
  double high() const { return high_; }

 private:
  const Parameter& parameter_;
  double low_ = 0;
  double high_ = 0;
};

std::string frame(const Parameter& parameter, const Axes& axes) {
  auto svg = fmt::format(R"(<path d="M{0} {1}V{2}H{3}" fill="none" stroke="#999"/>)", left, top, height - bottom,
                         width - right);
  for (const double value : {axes.low(), (axes.low() + axes.high()) / 2, axes.high()})
    svg += fmt::format(R"(<text x="{:.1f}" y="{:.1f}" text-anchor="end">{:.2f}</text>)", left - 5, axes.y(value) + 4,
                       value);
  const auto tick = [&](double value, const std::string& label) {
    svg += fmt::format(R"(<text x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>)", axes.x(value),
                       height - bottom + 16, escaped(label));
  };
  for (std::size_t i = 0; i < parameter.choices.size(); ++i) tick(static_cast<double>(i), parameter.choices[i]);
  if (parameter.kind == ParameterKind::choice) return svg;
  const double middle =
      parameter.logarithmic ? std::sqrt(parameter.low * parameter.high) : (parameter.low + parameter.high) / 2;
  for (const double value : {parameter.low, middle, parameter.high}) tick(value, fmt::format("{:.3g}", value));
  return svg;
}

/// Every trial as a dot, the quartiles of the bins as bars, and their medians as a line.
std::string plot(const Parameter& parameter, const std::vector<Trial>& trials) {
  const Axes axes(parameter, trials);
  auto svg = fmt::format(R"(<svg viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img">)", width, height) +
             frame(parameter, axes);
  for (const auto& trial : trials)
    svg += fmt::format(R"(<circle cx="{:.1f}" cy="{:.1f}" r="2.2" fill="#0072b2" fill-opacity=".35"/>)",
                       axes.x(number_of(parameter, trial.values.at(parameter.name))), axes.y(trial.objective));
  std::string line;
  for (const auto& bin : effect_of(parameter, trials)) {
    const double x = axes.x(bin.center);
    svg += fmt::format(R"(<path d="M{0:.1f} {1:.1f}V{2:.1f}" stroke="#d55e00" stroke-width="5" stroke-opacity=".4"/>)",
                       x, axes.y(bin.low), axes.y(bin.high));
    line += fmt::format("{}{:.1f} {:.1f}", line.empty() ? "M" : "L", x, axes.y(bin.median));
  }
  return svg + fmt::format(R"(<path d="{}" fill="none" stroke="#d55e00" stroke-width="1.5"/></svg>)", line);
}

std::string sequences_table(const TuningReport& report) {
  const bool validated = !report.result.folds.empty();
  const auto row = [&](const std::string& name, double base, double tuned, double cross) {
    auto cells = fmt::format("<tr><td>{}</td><td>{:.2f}</td><td>{:.2f}</td>", escaped(name), base, tuned);
    if (validated) cells += fmt::format("<td>{:.2f}</td><td>{:+.2f}</td>", cross, cross - base);
    return cells + "</tr>\n";
  };
  auto text = fmt::format("<table><tr><th></th><th>configured</th><th>tuned</th>{}</tr>\n",
                          validated ? "<th>not seen</th><th>gain</th>" : "");
  for (const auto& sequence : report.result.sequences)
    text += row(sequence.name, sequence.base, sequence.tuned, sequence.cross_validated);
  return text + row("all", report.result.base, report.result.tuned, report.result.cross_validated) + "</table>\n";
}

}  // namespace

std::string to_html(const TuningReport& report) {
  auto page = fmt::format(
      "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Tuning for {0}</title>{1}\n"
      "<h1>Tuning for {0}</h1>\n",
      escaped(report.objective), style);
  page += fmt::format("<p>{} trials. <i>Not seen</i>: scored with values that were chosen without the sequence.</p>\n",
                      report.result.finished_trials);
  page += sequences_table(report);
  page += fmt::format("<h2>Configuration</h2>\n<pre>{}</pre>\n", escaped(to_yaml(report)));
  page += fmt::format(
      "<h2>Effect of each parameter</h2>\n<p>Dots are trials; line and bars are the median and the "
      "quartiles of {}. The search visits good values more often.</p>\n",
      escaped(report.objective));
  for (const auto& parameter : report.parameters) {
    if (report.result.trials.empty()) break;
    const auto found = report.result.importance.find(parameter.name);
    const auto importance =
        found == report.result.importance.end() ? "" : fmt::format(", importance {:.0f} %", 100 * found->second);
    page += fmt::format("<figure><figcaption>{}{}</figcaption>{}</figure>\n", escaped(parameter.name), importance,
                        plot(parameter, report.result.trials));
  }
  return page + fmt::format("<h2>Command</h2>\n<pre>{}</pre>\n</html>\n", escaped(report.command));
}

}  // namespace onepass::tune
