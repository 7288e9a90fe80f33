#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace editprep::transport {

/// A key. It cannot be printed by accident: the text leaves only by reveal(), and only the code
/// that writes the request's header calls that.
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string text) : text_(std::move(text)) {}

    [[nodiscard]] bool empty() const noexcept { return text_.empty(); }
    [[nodiscard]] const std::string& reveal() const noexcept { return text_; }

    /// What a person may see to tell keys apart: the first 8 characters, but never more than half.
    [[nodiscard]] std::string_view beginning() const noexcept {
        return std::string_view(text_).substr(0, text_.size() / 2 < 8 ? text_.size() / 2 : 8);
    }

private:
    std::string text_;
};

}  // namespace editprep::transport
