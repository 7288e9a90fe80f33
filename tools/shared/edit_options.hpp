#pragma once

#include <optional>
#include <string>

#include "editprep/imaging/fill.hpp"
#include "editprep/imaging/focus.hpp"
#include "editprep/imaging/mask_encoding.hpp"
#include "tools/shared/command_line.hpp"
#include "tools/shared/remote_options.hpp"

namespace editprep::tools {

/// The two forms that OpenAI-compatible edit endpoints know.
enum class RequestForm { multipart, json };

/// Who edits and how, and where the result goes: --provider, --model, --endpoint, --config, --fill,
/// --focus, --focus-padding, --mask-encoding, --no-composite, --request-form, the options of
/// RemoteGroup, --out-dir, --prefix, --no-download, --print-json.
struct EditGroup {
    std::string provider{};
    std::string model{};
    std::string endpoint{};
    std::string config{};
    /// What the built-in provider puts into the region; nothing leaves the choice to the command.
    std::optional<imaging::Fill> fill{};
    /// Only the surroundings of the mask go to a remote provider.
    bool focus = false;
    std::optional<imaging::FocusPadding> focus_padding{};
    /// Nothing leaves the choice to the provider and the model.
    std::optional<imaging::MaskEncoding> mask_encoding{};
    bool no_composite = false;
    RequestForm request_form = RequestForm::multipart;
    RemoteGroup remote{};
    std::optional<std::string> out_dir{};
    std::string prefix{};
    bool no_download = false;
    bool print_json = false;

    /// @param default_fill what the command does without --fill, in the words of its help
    /// @param both_switches whether there is --download beside --no-download
    /// @param takes_focus whether there is --focus: not where the mask reaches around the picture
    void add_to(CommandLine& line, const std::string& default_fill, bool both_switches = false,
                bool takes_focus = true);
};

}  // namespace editprep::tools
