#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

/// Texts as a page of HTML holds them.
namespace editprep::tools::generate_batch_media {

/// For text and for values of attributes in double quotes: nothing in it is markup, every byte that
/// is no UTF-8 is U+FFFD, and control characters but line feeds and tabs are there as the signs for
/// them, or as U+FFFD.
[[nodiscard]] std::string html_text(std::string_view text);

/// A name and a value that is not escaped yet.
using Attribute = std::pair<std::string_view, std::string>;

/// `<name attribute="value">`; an attribute without a value is left out.
[[nodiscard]] std::string opening_tag(std::string_view name,
                                      std::initializer_list<Attribute> attributes);
/// The same with HTML inside and the closing tag.
[[nodiscard]] std::string element(std::string_view name,
                                  std::initializer_list<Attribute> attributes,
                                  std::string_view html);

/// From a page to a file, relative and percent-encoded: the page can be moved together with its
/// files. Both paths are absolute or start at the working folder.
[[nodiscard]] std::string relative_link(const std::string& page, const std::string& file);

/// `$1.20`, `$0.0025`; `no price known` for nothing, `free` for 0.
[[nodiscard]] std::string cost_text(const std::optional<double>& cost_usd);

/// `0.4 s`, `12 s`, `2 min 05 s`, `1 h 02 min`.
[[nodiscard]] std::string seconds_text(double seconds);

/// `1 item`, `2 items`.
[[nodiscard]] std::string counted(std::size_t count, std::string_view noun);

/// A command line that a shell reads back as these words.
[[nodiscard]] std::string shell_quoted(std::string_view word);

}  // namespace editprep::tools::generate_batch_media
