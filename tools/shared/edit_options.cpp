#include "tools/shared/edit_options.hpp"

#include "editprep/imaging/error.hpp"
#include "tools/shared/failure.hpp"

namespace editprep::tools {
namespace {

imaging::Fill to_fill(const std::string& text) {
    try {
        return imaging::parse_fill(text);
    } catch (const imaging::Error&) {
        throw UsageError("argument --fill: invalid choice: '" + text +
                         "' (choose from inpaint, transparent, blur, white, black, #RRGGBB, "
                         "#RRGGBBAA)");
    }
}

void add_provider(CommandLine& line, EditGroup& group, const std::string& default_fill) {
    line.section("Edit");
    line.text("--provider", group.provider,
              {.help = "Who edits; local is built in, needs no account and follows no prompt",
               .placeholder = "NAME",
               .default_text = "$OPENCLAW_MEDIA_PROVIDER"});
    line.custom("--fill", [&group](const std::string& text) { group.fill = to_fill(text); },
                {.help = "What the local provider puts there: inpaint (from the surroundings), "
                         "transparent, blur, white, black or a colour",
                 .placeholder = "inpaint|transparent|blur|white|black|#RRGGBB[AA]",
                 .default_text = default_fill,
                 .addition = true});
    line.text("--model", group.model,
              {.help = "Model that a remote provider is to use", .placeholder = "NAME"});
    line.text("--endpoint", group.endpoint,
              {.help = "Path of a remote provider's edit endpoint", .placeholder = "PATH"});
    line.text("--config", group.config,
              {.help = "Configuration file with the remote providers", .placeholder = "FILE"});
}

void add_result(CommandLine& line, EditGroup& group) {
    line.section("Output");
    line.text("--out-dir", group.out_dir,
              {.help = "Folder of the result; ROOT is $MEDIA_GENERATION_OUTPUT_ROOT, else tmp",
               .placeholder = "DIR",
               .default_text = "ROOT/images"});
    line.text("--prefix", group.prefix,
              {.help = "How the names of new files begin", .placeholder = "TEXT"});
    line.flag("--no-download", group.no_download, {.help = "Do not save the edited picture"});
    line.flag("--print-json", group.print_json,
              {.help = "Print one JSON document instead of lines of text"});
}

}  // namespace

void EditGroup::add_to(CommandLine& line, const std::string& default_fill) {
    add_provider(line, *this, default_fill);
    add_result(line, *this);
}

}  // namespace editprep::tools
