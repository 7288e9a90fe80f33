#include "tools/shared/output_options.hpp"

namespace editprep::tools {

void OutputGroup::add_to(CommandLine& line, const std::string& shown) {
    line.file("--preview", preview,
              {.help = "Also write one picture with " + shown + " side by side",
               .placeholder = "FILE",
               .addition = true});
    line.flag("--overwrite", overwrite,
              {.help = "Replace named output files even if this command did not make them",
               .addition = true});
    line.flag(
        "--quiet", quiet,
        {.help = "No notes and warnings on stderr; errors are always shown", .addition = true});
}

}  // namespace editprep::tools
