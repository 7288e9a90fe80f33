#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tools/generate_batch_media/batch_item.hpp"

/// From the text of a manifest to items that can be run.
namespace editprep::tools::generate_batch_media {

/// The entries of a JSON array or of JSON Lines, as they stand. Throws Failure with the contract's
/// texts (section 14.1), and for files of more than 256 MiB.
/// @param path `-` for standard input
[[nodiscard]] std::vector<nlohmann::ordered_json> read_manifest(const std::string& path);

/// The same from its text.
/// @param name for messages
[[nodiscard]] std::vector<nlohmann::ordered_json> parse_manifest(const std::string& text,
                                                                 const std::string& name);

/// --vars-json and --vars-file together, the file last. Throws Failure.
/// @param json empty for none
[[nodiscard]] nlohmann::ordered_json read_variables(const std::string& json,
                                                    const std::optional<std::string>& path);

/// Renders the templates of an entry, finds its command and spells out its words. Never throws for
/// what is wrong with the entry: that is the item's `error`.
/// @param index from 1
[[nodiscard]] BatchItem prepare_item(const nlohmann::ordered_json& entry, int index,
                                     const nlohmann::ordered_json& shared_variables);

}  // namespace editprep::tools::generate_batch_media
