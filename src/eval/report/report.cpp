#include "eval/report/report.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>

#include "eval/metrics/switches.hpp"
#include "eval/report/charts.hpp"
#include "eval/report/score_table.hpp"

namespace onepass::eval {
namespace {

namespace fs = std::filesystem;

/// Escapes the characters that are reserved in HTML.
std::string escaped(const std::string& text) {
  std::string result;
  for (const char letter : text) {
    switch (letter) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += letter;
    }
  }
  return result;
}

constexpr const char* style = R"(
body { font: 15px/1.45 system-ui, sans-serif; color: #222; background: #fff; max-width: 1240px; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 1.6em; margin-bottom: 0; } h2 { font-size: 1.25em; margin-top: 2em; } h3 { font-size: 1.05em; margin-bottom: .3em; }
.wide { overflow-x: auto; } svg { max-width: 100%; height: auto; }
table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; margin-bottom: 1em; }
th, td { padding: 3px 7px; text-align: right; white-space: nowrap; } th:first-child, td:first-child { text-align: left; }
thead th { border-bottom: 2px solid #888; cursor: pointer; } tbody tr:nth-child(even) { background: #f5f5f5; }
tr.total { font-weight: 600; border-top: 1px solid #888; } .better { color: #00604a; } .worse { color: #a03c00; }
.note, .noise { color: #555; } summary { cursor: pointer; padding: 2px 0; } .choice label { margin-right: 1.2em; }
)";

/// Sorts a table by the column whose header is clicked; checkboxes show and hide a tracker in every plot.
constexpr const char* script = R"(
document.querySelectorAll('thead th').forEach(head => head.addEventListener('click', () => {
  const column = head.cellIndex, body = head.closest('table').tBodies[0];
  const down = head.dataset.down = head.dataset.down === '1' ? '0' : '1';
  const value = row => { const text = row.cells[column].textContent, number = parseFloat(text);
                         return isNaN(number) ? text : number; };
  [...body.rows].filter(row => !row.classList.contains('total'))
    .sort((a, b) => { const x = value(a), y = value(b); return (x < y ? 1 : x > y ? -1 : 0) * (down === '1' ? 1 : -1); })
    .forEach((row, place) => body.insertBefore(row, body.rows[place]));
}));
document.querySelectorAll('.choice input').forEach(box => box.addEventListener('change', () =>
  document.querySelectorAll('svg .' + box.value).forEach(shape => shape.style.display = box.checked ? '' : 'none')));
)";

std::string html_table(const ScoreTable& table) {
  auto html = fmt::format("<h3>{}</h3>\n<div class=\"wide\"><table><thead><tr><th></th>", escaped(table.title));
  for (const auto& name : table.head) html += "<th>" + escaped(name) + "</th>";
  html += "</tr></thead><tbody>\n";
  for (const auto& row : table.rows) {
    html += fmt::format("<tr{}><td>{}</td>", row.name == combined_name ? " class=\"total\"" : "", escaped(row.name));
    for (const auto& value : row.cells) html += "<td>" + value + "</td>";
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

std::string html_scores(const Evaluation& evaluation, const std::vector<std::string>& families) {
  std::string html = "<h2>Scores</h2>\n<p class=\"note\">Ratios in percent; a click on a column sorts by it.</p>\n";
  auto tables = score_tables(evaluation, families);
  if (evaluation.trackers.size() > 1) std::rotate(tables.begin(), tables.end() - 1, tables.end());
  for (const auto& table : tables) html += html_table(table);
  return html;
}

std::string box_text(const LabeledBox& box) {
  return fmt::format("{:.1f}, {:.1f}, {:.1f} × {:.1f}", box.left, box.top, box.width, box.height);
}

std::string html_worst(const EvaluatedSequence& sequence, const std::string& tracker) {
  constexpr std::size_t shown = 10;
  const auto worst = worst_switches(sequence.switches, shown);
  auto html = fmt::format("<details><summary>{}, {}: {} switch{}</summary>\n", escaped(sequence.name), escaped(tracker),
                          sequence.switches.size(), sequence.switches.size() == 1 ? "" : "es");
  html +=
      "<div class=\"wide\"><table><thead><tr><th>frame</th><th>identity</th><th>from track</th><th>to track</th>"
      "<th>frames before</th><th>frames after</th><th>box of the identity</th><th>box of the track</th></tr></thead>"
      "<tbody>\n";
  for (const auto& event : worst) {
    html += fmt::format(
        "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
        event.frame, event.truth_id, event.previous_track, event.track, event.frames_before, event.frames_after,
        box_text(event.truth_box), box_text(event.track_box));
  }
  return html + "</tbody></table></div></details>\n";
}

std::string html_switches(const Evaluation& evaluation, std::size_t class_index) {
  std::string html =
      "<h3>The worst identity switches</h3>\n<p class=\"note\">The ten worst of each sequence: an identity of the "
      "ground truth switches from one track to another, with many frames before and after. Boxes are left, top, "
      "width × height in pixels.</p>\n";
  for (const auto& name : sequence_names(evaluation, class_index)) {
    for (const auto& tracker : evaluation.trackers) {
      const auto* sequence = find_sequence(tracker, class_index, name);
      if (sequence && !sequence->switches.empty()) html += html_worst(*sequence, tracker.name);
    }
  }
  return html;
}

std::string html_comparison(const Comparison& comparison) {
  auto html = fmt::format(
      "<h3>{} against {}: {}</h3>\n<div class=\"wide\"><table><thead><tr><th></th><th>ours</th>"
      "<th>theirs</th><th>change</th><th>from</th><th>to</th><th>p</th><th></th>",
      escaped(comparison.ours), escaped(comparison.theirs), escaped(comparison.class_name));
  for (const auto& name : comparison.sequences) html += "<th>" + escaped(name) + "</th>";
  html += "</tr></thead><tbody>\n";
  for (const auto& score : comparison.differences) {
    const auto verdict = score.verdict();
    html += fmt::format(
        "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{:.4f}</td>"
        "<td class=\"{}\">{}</td>",
        score.name, score.shown(score.ours), score.shown(score.theirs), score.shown_signed(score.difference()),
        score.shown_signed(score.low), score.shown_signed(score.high), score.p_value,
        verdict == "within noise" ? "noise" : verdict, verdict);
    for (const double value : score.by_sequence) html += "<td>" + score.shown_signed(value) + "</td>";
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

std::string html_comparisons(const std::vector<Comparison>& comparisons) {
  if (comparisons.empty()) return "";
  auto html = fmt::format(
      "<h2>Compared</h2>\n<p class=\"note\">Paired bootstrap over sequences: the change on all sequences "
      "together, its {:g} % interval, and the change on each sequence.</p>\n",
      100 * comparisons.front().options.confidence);
  for (const auto& comparison : comparisons) html += html_comparison(comparison);
  return html;
}

std::string html_choice(const Evaluation& evaluation) {
  std::string html = "<p class=\"choice\">Show: ";
  for (std::size_t i = 0; i < evaluation.trackers.size(); ++i)
    html += fmt::format("<label><input type=\"checkbox\" checked value=\"tracker{}\"> {}</label>", i,
                        escaped(evaluation.trackers[i].name));
  return html + "</p>\n";
}

std::string html_warnings(const std::vector<std::string>& warnings) {
  if (warnings.empty()) return "";
  auto html = fmt::format("<h2>Warnings ({})</h2>\n<ul>\n", warnings.size());
  for (const auto& warning : warnings) html += "<li>" + escaped(warning) + "</li>\n";
  return html + "</ul>\n";
}

std::string html_chart(const std::string& svg) { return "<div class=\"wide\">" + svg + "</div>\n"; }

/// @param charts nullptr: the page has no charts.
std::string html_class(const Evaluation& evaluation, std::size_t class_index, const ClassCharts* charts) {
  const auto& classes = evaluation.trackers.front().classes;
  const auto title = classes.size() > 1 ? ": " + escaped(classes[class_index].name) : "";
  std::string html;
  if (charts)
    html += "<h2>By IoU threshold" + title + "</h2>\n" + html_chart(charts->alphas) + "<h2>By sequence" + title +
            "</h2>\n" + html_chart(charts->sequences);
  html += "<h2>Identity switches" + title + "</h2>\n";
  if (charts)
    html +=
        "<p class=\"note\">Each tick is an identity switch; the ten worst of each row have the tracker's marker. "
        "Point at one to see its ids.</p>\n" +
        html_chart(charts->switches);
  return html + html_switches(evaluation, class_index);
}

/// Returns no charts, after a warning, if they cannot be drawn.
std::vector<ClassCharts> try_charts(const Evaluation& evaluation, const fs::path& folder, const Warn& warn) {
  try {
    return draw_charts(evaluation, folder);
  } catch (const std::exception& error) {
    warn(
        fmt::format("{}: the report has no charts: {}; they are drawn by Python with matplotlib (Debian: "
                    "python3-matplotlib)",
                    folder.string(), error.what()));
    return {};
  }
}

}  // namespace

void write_report(const fs::path& folder, const Evaluation& evaluation, const std::vector<Comparison>& comparisons,
                  const std::vector<std::string>& families, const Warn& warn) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    throw std::runtime_error(fmt::format("{}: cannot create this folder: {}", folder.string(), error.message()));
  auto html = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Evaluation by the rules of {0}</title>\n"
      "<style>{1}</style></head><body>\n<h1>Evaluation by the rules of {0}</h1>\n<p class=\"note\">onepass {2}</p>\n",
      escaped(evaluation.benchmark), style, ONEPASS_VERSION);
  html += html_scores(evaluation, families) + html_comparisons(comparisons);
  const auto charts = try_charts(evaluation, folder, warn);
  if (evaluation.trackers.size() > 1 && !charts.empty()) html += html_choice(evaluation);
  for (std::size_t i = 0; i < evaluation.trackers.front().classes.size(); ++i)
    html += html_class(evaluation, i, charts.empty() ? nullptr : &charts[i]);
  html += html_warnings(evaluation.warnings) + "<script>" + script + "</script>\n</body></html>\n";
  std::ofstream file(folder / "index.html", std::ios::binary);
  file << html;
  file.close();
  if (!file) throw std::runtime_error((folder / "index.html").string() + ": cannot write");
}

}  // namespace onepass::eval
