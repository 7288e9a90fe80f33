#pragma once

#include <string>
#include <vector>

#include "tools/reference_media/attempt.hpp"
#include "tools/reference_media/reference_media.hpp"

/// What --print-json prints (contract, section 13).
namespace editprep::tools::reference_media {

/// All keys in the order that callers know, indented, with a newline at the end. The last attempt
/// is the one that counts; its output is the result whole, and shortened wherever it is repeated.
[[nodiscard]] std::string summary_json(const Options& options,
                                       const std::vector<Attempt>& attempts);

}  // namespace editprep::tools::reference_media
