#pragma once

#include <string>
#include <vector>

#include "tools/video_preflight/clip_looks.hpp"

/// What people read of clips. Nothing in it can break a line or drive a terminal.
namespace editprep::tools::video_preflight {

enum class Verdict { ok, refused, unreadable };

/// `OK`, `REFUSED`, `UNREADABLE`.
[[nodiscard]] const char* name_of(Verdict verdict) noexcept;

/// `2.5`, without zeros at the end; at most three decimals.
[[nodiscard]] std::string decimal(double value);

/// One line without its end: verdict, name, and the facts or what is wrong.
[[nodiscard]] std::string clip_line(const ClipLook& look, Verdict verdict);

/// The verdict, every fact and every finding on a line of its own.
[[nodiscard]] std::string clip_page(const ClipLook& look, Verdict verdict);

/// Rows with their columns under each other, two blanks apart; the first row is the head.
[[nodiscard]] std::string table(const std::vector<std::vector<std::string>>& rows);

}  // namespace editprep::tools::video_preflight
