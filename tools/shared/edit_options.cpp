#include "tools/shared/edit_options.hpp"

#include <utility>

#include "editprep/imaging/error.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/number_text.hpp"

namespace editprep::tools {
namespace {

constexpr Choice<RequestForm> kRequestForms[] = {
    {"multipart", RequestForm::multipart},
    {"json", RequestForm::json},
};

constexpr Choice<std::optional<imaging::MaskEncoding>> kMaskEncodings[] = {
    {"white-edits", imaging::MaskEncoding::white_edits},
    {"transparent-edits", imaging::MaskEncoding::transparent_edits},
};

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
    line.text(
        "--provider", group.provider,
        {.help = "Who edits: local (built in, needs no account, follows no prompt), fal, or an "
                 "entry of the configuration file",
         .placeholder = "NAME",
         .default_text = "$OPENCLAW_MEDIA_PROVIDER, else the first entry by name, else fal"});
    line.custom("--fill", [&group](const std::string& text) { group.fill = to_fill(text); },
                {.help = "What the local provider puts there: inpaint (from the surroundings), "
                         "transparent, blur, white, black or a colour",
                 .placeholder = "inpaint|transparent|blur|white|black|#RRGGBB[AA]",
                 .default_text = default_fill,
                 .addition = true});
    line.text("--model", group.model,
              {.help = "Model that a remote provider is to use",
               .placeholder = "NAME",
               .default_text = "$OPENCLAW_MEDIA_EDIT_MODEL"});
    line.text("--endpoint", group.endpoint,
              {.help = "Path of an OpenAI-compatible provider's edit endpoint",
               .placeholder = "PATH",
               .default_text = "/images/edits"});
    line.text("--config", group.config,
              {.help = "Configuration file with the remote providers",
               .placeholder = "FILE",
               .default_text = "$OPENCLAW_CONFIG, else ~/.openclaw/openclaw.json"});
}

imaging::FocusPadding to_padding(const std::string& text) {
    const bool percent = text.ends_with('%');
    const auto number = parse_number(percent ? text.substr(0, text.size() - 1) : text);
    const auto pixels = parse_integer(text);
    const bool fits =
        percent ? number && *number >= 0 : pixels && *pixels >= 0 && std::in_range<int>(*pixels);
    if (!fits) {
        throw UsageError(
            "argument --focus-padding: must be pixels such as 80, or a share such as "
            "25%, not '" +
            text + "'");
    }
    return percent ? imaging::FocusPadding{.percent = *number}
                   : imaging::FocusPadding{.pixels = static_cast<int>(*pixels)};
}

void add_focus(CommandLine& line, EditGroup& group) {
    line.flag(
        "--focus", group.focus,
        {.help = "Send only the mask and its surroundings, in a size that the model likes, and "
                 "put the answer back at full resolution",
         .addition = true});
    line.custom("--focus-padding",
                [&group](const std::string& text) { group.focus_padding = to_padding(text); },
                {.help = "How much of the surroundings on each side: pixels, or a share of the "
                         "longer side of what is selected (at least 64 pixels)",
                 .placeholder = "PX|P%",
                 .default_text = "25%",
                 .addition = true});
    line.rule([&group] {
        if (group.focus && group.no_composite) {
            throw UsageError(
                "argument --focus: not allowed with argument --no-composite (the answer shows a "
                "part of the picture alone)");
        }
    });
}

void add_request(CommandLine& line, EditGroup& group) {
    line.section("Request");
    line.choice("--mask-encoding", group.mask_encoding, kMaskEncodings,
                {.help = "How the mask is sent: white = edit, or transparent = edit",
                 .default_text = "what the provider and the model want",
                 .addition = true});
    line.flag("--no-composite", group.no_composite,
              {.help = "Keep the provider's picture as it is, instead of putting it back under the "
                       "mask",
               .addition = true});
    line.choice("--request-form", group.request_form, kRequestForms,
                {.help = "How an OpenAI-compatible provider is asked", .addition = true});
    group.remote.add_to(line, /*known_extra_json=*/false);
}

void add_result(CommandLine& line, EditGroup& group, bool both_switches) {
    line.section("Output");
    line.text("--out-dir", group.out_dir,
              {.help = "Folder of the result; ROOT is $MEDIA_GENERATION_OUTPUT_ROOT, else tmp",
               .placeholder = "DIR",
               .default_text = "ROOT/images"});
    line.text("--prefix", group.prefix,
              {.help = "How the names of new files begin", .placeholder = "TEXT"});
    const OptionText no_download{.help = "Do not save the edited picture"};
    if (both_switches) {
        line.flag_pair("--no-download", "--download", group.no_download, no_download,
                       {.help = "Save it, which is the default"});
    } else {
        line.flag("--no-download", group.no_download, no_download);
    }
    line.flag("--print-json", group.print_json,
              {.help = "Print one JSON document instead of lines of text"});
}

}  // namespace

void EditGroup::add_to(CommandLine& line, const std::string& default_fill, bool both_switches,
                       bool takes_focus) {
    add_provider(line, *this, default_fill);
    if (takes_focus) {
        add_focus(line, *this);
    }
    add_request(line, *this);
    add_result(line, *this, both_switches);
}

}  // namespace editprep::tools
