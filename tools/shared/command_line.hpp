#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tools/shared/arguments.hpp"
#include "tools/shared/failure.hpp"

/// The options of a command: declared once, with the variable, the default and the help text in one
/// place; everything else (parsing, help, usage errors) follows from the declarations.
namespace editprep::tools {

struct OptionText {
    std::string help{};
    /// What stands for the value in the help: FILE, N, TEXT; DIR makes it a KnownOption::folder.
    std::string placeholder{};
    /// Shown as the default where the variable's own value does not tell.
    std::string default_text{};
    bool required = false;
    /// See KnownOption::addition.
    bool addition = false;
    /// See KnownOption::repeatable; texts() sets it.
    bool repeatable = false;
};

/// A word that an option accepts, and what it means.
template <class Value>
struct Choice {
    std::string_view name;
    Value value;
};

/// Whether usage shows a plain word as one that may be left out. It is not checked here: commands
/// differ in what they say.
enum class Need { required, optional };

/// Why a choice is refused that is none of the names.
[[nodiscard]] std::string invalid_choice(const std::string& option, const std::string& given,
                                         const std::vector<std::string>& names);

/// Bound variables keep their values as defaults and must outlive parse(). A repeated option
/// replaces its earlier value; texts() collects. Rules for words and abbreviations: arguments.hpp.
class CommandLine {
public:
    CommandLine(std::string command, std::string purpose);
    ~CommandLine();
    CommandLine(const CommandLine&) = delete;
    CommandLine& operator=(const CommandLine&) = delete;

    /// Options declared from here on appear under this title in the help.
    void section(std::string title);

    void text(const std::string& name, std::string& value, OptionText text);
    void text(const std::string& name, std::optional<std::string>& value, const OptionText& text);
    /// The name of a file; an empty one counts as not given.
    void file(const std::string& name, std::optional<std::string>& value, const OptionText& text);
    void texts(const std::string& name, std::vector<std::string>& values, OptionText text);
    /// Whole numbers only, in the whole range of an int: whoever adds some up needs more bits.
    void integer(const std::string& name, int& value, OptionText text);
    void integer(const std::string& name, std::optional<int>& value, const OptionText& text);
    /// The same in 64 bits, which seeds are often drawn from.
    void integer(const std::string& name, std::optional<std::int64_t>& value,
                 const OptionText& text);
    void number(const std::string& name, double& value, OptionText text);
    void number(const std::string& name, std::optional<double>& value, const OptionText& text);
    void flag(const std::string& name, bool& value, const OptionText& text);
    /// Two flags that share one switch; the last one given wins.
    void flag_pair(const std::string& on, const std::string& off, bool& value,
                   const OptionText& text_on, const OptionText& text_off);
    /// The same; unset when neither is given.
    void flag_pair(const std::string& on, const std::string& off, std::optional<bool>& value,
                   const OptionText& text_on, const OptionText& text_off);
    /// The next word that is no option.
    void positional(const std::string& placeholder, std::optional<std::string>& value,
                    const std::string& help, Need need = Need::required);
    /// All further ones.
    void positionals(const std::string& placeholder, std::vector<std::string>& values,
                     const std::string& help, Need need = Need::optional);
    /// Any text that `accept` takes; it explains a refusal by throwing UsageError.
    void custom(const std::string& name, const std::function<void(const std::string&)>& accept,
                const OptionText& text);

    template <class Value, std::size_t Count>
    void choice(const std::string& name, Value& value, const Choice<Value> (&choices)[Count],
                OptionText text) {
        std::vector<std::string> names;
        for (const Choice<Value>& choice : choices) {
            names.emplace_back(choice.name);
            if (choice.value == value && text.default_text.empty()) {
                text.default_text = choice.name;
            }
        }
        one_of(
            name, names, [&value, &choices](std::size_t i) { value = choices[i].value; },
            std::move(text));
    }

    /// Called once all options are known, for what only shows then; it refuses by throwing
    /// UsageError.
    void rule(std::function<void()> check);

    /// Fills the variables; to be called once. Throws UsageError, and InfoRequest for --help and
    /// --version.
    void parse(std::span<const std::string> words);

    /// For what shows to be wrong only after parse(): usage and reason, as parse() words them. May
    /// outlive the line.
    [[nodiscard]] SpellOut spell_out() const;

    /// What was declared; before parse() without --help and --version.
    [[nodiscard]] std::vector<KnownOption> known_options() const;

    [[nodiscard]] std::string help() const;
    /// One line: `usage: <command> <what is needed> [options]`.
    [[nodiscard]] std::string usage() const;

private:
    void one_of(const std::string& name, const std::vector<std::string>& names,
                const std::function<void(std::size_t)>& assign, OptionText text);

    struct Declarations;
    std::unique_ptr<Declarations> declarations_;
};

/// The name of a choice's value.
template <class Value, std::size_t Count>
[[nodiscard]] std::string name_of(Value value, const Choice<Value> (&choices)[Count]) {
    for (const Choice<Value>& choice : choices) {
        if (choice.value == value) {
            return std::string(choice.name);
        }
    }
    return {};
}

}  // namespace editprep::tools
