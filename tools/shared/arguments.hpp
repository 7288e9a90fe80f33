#pragma once

#include <span>
#include <string>
#include <vector>

/// From the words of a command line to full option names with their values.
///
/// `--name value` and `--name=value` mean the same, and an option may be cut short as long as one
/// option only begins with what is left. The library that binds options to variables knows neither
/// rule, so the words are spelled out first.
namespace editprep::tools {

struct KnownOption {
    /// With its two dashes.
    std::string name;
    bool takes_value = false;
    /// Not among the options of the older commands: it gives way to them where an abbreviation fits
    /// both, so that what used to be short enough stays so.
    bool addition = false;
    /// Each occurrence adds to the ones before; of every other option the last one counts.
    bool repeatable = false;
    /// Nothing after it is looked at (--help, --version).
    bool ends_parsing = false;
    /// Its value names a folder.
    bool folder = false;
    /// The words that it accepts; empty where any will do.
    std::vector<std::string> choices{};
};

struct GivenOption {
    /// Empty for a plain word.
    std::string name;
    /// Empty for an option that takes none.
    std::string value;
};

/// Words that are no options and no values.
enum class PlainWords {
    refused,
    /// Between options and behind them; `--` makes every further word one.
    accepted,
};

/// `-h` means `--help`. A value may begin with a dash unless it is the name of an option. Throws
/// UsageError for words that fit no option, abbreviations that fit several, and values that are
/// missing or too many; also for an abbreviation whose value shows that another option was meant:
/// a picture's or a clip's name for a folder (`--out x.png` for `--out-dir`), a choice of the
/// option whose name ends like it (`--mode alpha` for `--model` beside `--selection-mode`).
[[nodiscard]] std::vector<GivenOption> expand_arguments(std::span<const std::string> words,
                                                        std::span<const KnownOption> options,
                                                        PlainWords plain = PlainWords::refused);

}  // namespace editprep::tools
