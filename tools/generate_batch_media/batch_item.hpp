#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tools/shared/run_tool.hpp"

/// An item of a manifest on its way from text to result.
namespace editprep::tools::generate_batch_media {

/// Rendered, routed and spelled out as a command line.
struct BatchItem {
    /// In the manifest, from 1.
    int index = 0;
    /// With its variables; as it stands in the manifest when it could not be rendered.
    nlohmann::ordered_json item;
    /// `generate_image`; empty when there is none for it.
    std::string command{};
    /// Without the program.
    Words words{};
    /// What is not right with it, though it can be run.
    std::vector<std::string> warnings{};
    /// Why it cannot be run; empty when it can.
    std::string error{};
    /// Among the items of the whole manifest that say the same, from 1.
    int number = 1;

    /// The program and its words, as summaries show it.
    [[nodiscard]] std::vector<std::string> cmd() const;
};

/// What is known of an item before anything is paid for.
struct CheckedItem {
    BatchItem item;
    /// It asks a provider that may charge for it.
    bool paid = false;
    /// Empty for local work.
    std::string provider{};
    std::string model{};
    /// Absent when no price is known; 0 for local work.
    std::optional<double> cost_usd{};
    /// The estimate's reasons, or why there is none.
    std::string cost_basis{};
    /// Of local work, where its name is fixed: no other item may write there. Empty otherwise.
    std::string output{};

    [[nodiscard]] bool ok() const noexcept { return item.error.empty(); }
};

struct ItemResult {
    int index = 0;
    nlohmann::ordered_json item;
    std::vector<std::string> cmd;
    bool ok = false;
    int exit_code = 0;
    /// Trimmed; nothing where nothing was run.
    std::optional<std::string> out{};
    std::optional<std::string> err{};
    /// The media that the item left, the final one first.
    std::vector<std::string> files{};
    std::string provider{};
    std::string model{};
    /// The estimate; nothing when it is not known, 0 for what cost nothing.
    std::optional<double> cost_usd{};
    /// Its reasons, or why there is none.
    std::string cost_basis{};
    double seconds = 0;
    /// An earlier run had done it.
    bool reused = false;
    /// What was not right with the item, though it can be run.
    std::vector<std::string> warnings{};
    /// Of a dry run: why the item would fail, in one line; such an item counts in no sum.
    std::optional<std::string> would_fail{};
};

}  // namespace editprep::tools::generate_batch_media
