// Registers the lab commands.
#include "cli/commands.hpp"

namespace onepass::cli {

void add_lab_commands(CLI::App& app) {
  add_inspect_command(app);
  add_embed_command(app);
  add_visualize_command(app);
  add_tsne_command(app);
  add_compare_command(app);
  add_reid_eval_command(app);
  add_calibrate_command(app);
}

}  // namespace onepass::cli
