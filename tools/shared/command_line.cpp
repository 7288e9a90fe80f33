#include "tools/shared/command_line.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

#include "tools/shared/failure.hpp"
#include "tools/shared/help_text.hpp"
#include "tools/shared/number_text.hpp"

namespace editprep::tools {
namespace {

constexpr const char* kHelpName = "--help";
constexpr const char* kVersionName = "--version";
constexpr const char* kFolderPlaceholder = "DIR";

std::string bad_value(const std::string& name, const char* kind, const std::string& value) {
    return "argument " + name + ": invalid " + kind + " value: '" + value + "'";
}

double to_number(const std::string& name, const std::string& value) {
    const auto number = parse_number(value);
    if (!number) {
        throw UsageError(bad_value(name, "float", value));
    }
    return *number;
}

std::int64_t to_long_integer(const std::string& name, const std::string& value) {
    const auto number = parse_integer(value);
    if (!number) {
        throw UsageError(bad_value(name, "int", value));
    }
    return *number;
}

int to_integer(const std::string& name, const std::string& value) {
    const std::int64_t number = to_long_integer(name, value);
    if (!std::in_range<int>(number)) {
        throw UsageError("argument " + name + ": number too large: '" + value + "'");
    }
    return static_cast<int>(number);
}

std::string shortest(double value) {
    char digits[32];
    const auto [end, error] = std::to_chars(std::begin(digits), std::end(digits), value);
    return error == std::errc{} ? std::string(digits, end) : std::string();
}

std::string joined(const std::vector<std::string>& names, const char* separator) {
    std::string text;
    for (const std::string& name : names) {
        text += (text.empty() ? "" : separator) + name;
    }
    return text;
}

bool takes_value(const CLI::Option& option) { return option.get_items_expected_max() > 0; }

std::string full_name(const CLI::Option& option) { return "--" + option.get_lnames().front(); }

std::string option_column(const CLI::Option& option) {
    const std::string letter = option.get_snames().empty() ? "" : option.get_snames().front();
    const std::string name = (letter.empty() ? "" : '-' + letter + ", ") + full_name(option);
    return takes_value(option) ? name + ' ' + option.get_type_name() : name;
}

std::string description_column(const CLI::Option& option) {
    std::string text = option.get_description();
    if (option.get_required()) {
        text += " (required)";
    } else if (!option.get_default_str().empty()) {
        text += " (default: " + option.get_default_str() + ')';
    }
    return text;
}

struct Positional {
    std::string placeholder;
    std::string help;
    std::function<void(const std::string&)> accept;
    Need need = Need::required;
    bool repeated = false;
};

std::string in_usage(const Positional& positional) {
    const std::string words = positional.placeholder + (positional.repeated ? "..." : "");
    return positional.need == Need::required ? words : '[' + words + ']';
}

}  // namespace

struct CommandLine::Declarations {
    CLI::App app;
    std::string command;
    std::string section = "Options";
    std::vector<std::string> additions;
    std::vector<std::string> repeatables;
    /// The words that options accept, by name.
    std::map<std::string, std::vector<std::string>> choices;
    /// With what they do, in the order in which they are given: of two that contradict each other
    /// the last one wins.
    std::map<std::string, std::function<void()>> flags;
    std::vector<Positional> positionals;
    std::vector<std::function<void()>> rules;

    /// `accept` sees every value in turn, also one that a later repetition replaces.
    void declare(const std::string& name, const OptionText& text,
                 const std::function<void(const std::string&)>& accept) {
        CLI::Option* option = app.add_option(
            name, [](const CLI::results_t&) { return true; }, text.help);
        option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
            ->type_size(1)
            ->expected(1)
            ->allow_extra_args(false)
            ->type_name(text.placeholder)
            ->default_str(text.default_text)
            ->required(text.required)
            ->group(section);
        option->each([accept](std::string value) { accept(value); });
        if (text.addition) {
            additions.push_back(name);
        }
        if (text.repeatable) {
            repeatables.push_back(name);
        }
    }

    void declare_flag(const std::string& name, const OptionText& text,
                      const std::function<void()>& set) {
        const CLI::Option* option = app.add_flag(name, text.help)->group(section);
        flags[full_name(*option)] = set;
        if (text.addition) {
            additions.push_back(name);
        }
    }

    [[nodiscard]] std::vector<const CLI::Option*> options() const { return app.get_options(); }

    [[nodiscard]] std::vector<KnownOption> known() const {
        std::vector<KnownOption> known;
        for (const CLI::Option* option : options()) {
            const std::string name = full_name(*option);
            const auto words = choices.find(name);
            known.push_back(
                {.name = name,
                 .takes_value = takes_value(*option),
                 .addition = std::ranges::find(additions, name) != additions.end(),
                 .repeatable = std::ranges::find(repeatables, name) != repeatables.end(),
                 .ends_parsing = name == kHelpName || name == kVersionName,
                 .folder = option->get_type_name() == kFolderPlaceholder,
                 .choices = words == choices.end() ? std::vector<std::string>{} : words->second});
        }
        return known;
    }

    /// Hands the plain words to the positionals, and leaves the options.
    void take_plain_words(std::vector<GivenOption>& given) const {
        std::size_t next = 0;
        for (const GivenOption& word : given) {
            if (!word.name.empty()) {
                continue;
            }
            if (next == positionals.size()) {
                throw UsageError("unrecognized argument: " + word.value);
            }
            positionals[next].accept(word.value);
            next += positionals[next].repeated ? 0U : 1U;
        }
        std::erase_if(given, [](const GivenOption& word) { return word.name.empty(); });
    }

    void require(std::span<const GivenOption> given) const {
        std::vector<std::string> missing;
        for (const CLI::Option* option : options()) {
            const bool present =
                std::ranges::find(given, full_name(*option), &GivenOption::name) != given.end();
            if (option->get_required() && !present) {
                missing.push_back(full_name(*option));
            }
        }
        if (!missing.empty()) {
            throw UsageError("the following arguments are required: " + joined(missing, ", "));
        }
    }
};

CommandLine::CommandLine(std::string command, std::string purpose)
    : declarations_(std::make_unique<Declarations>()) {
    declarations_->command = std::move(command);
    declarations_->app.description(std::move(purpose));
    declarations_->app.set_help_flag();
}

CommandLine::~CommandLine() = default;

void CommandLine::section(std::string title) { declarations_->section = std::move(title); }

void CommandLine::text(const std::string& name, std::string& value, OptionText text) {
    if (text.default_text.empty()) {
        text.default_text = value;
    }
    custom(
        name, [&value](const std::string& given) { value = given; }, text);
}

void CommandLine::text(const std::string& name, std::optional<std::string>& value,
                       const OptionText& text) {
    custom(
        name, [&value](const std::string& given) { value = given; }, text);
}

void CommandLine::file(const std::string& name, std::optional<std::string>& value,
                       const OptionText& text) {
    custom(
        name,
        [&value](const std::string& given) {
            value = given.empty() ? std::nullopt : std::optional(given);
        },
        text);
}

void CommandLine::texts(const std::string& name, std::vector<std::string>& values,
                        OptionText text) {
    text.repeatable = true;
    custom(
        name, [&values](const std::string& given) { values.push_back(given); }, text);
}

void CommandLine::integer(const std::string& name, int& value, OptionText text) {
    text.default_text = std::to_string(value);
    custom(
        name, [&value, name](const std::string& given) { value = to_integer(name, given); }, text);
}

void CommandLine::integer(const std::string& name, std::optional<int>& value,
                          const OptionText& text) {
    custom(
        name, [&value, name](const std::string& given) { value = to_integer(name, given); }, text);
}

void CommandLine::integer(const std::string& name, std::optional<std::int64_t>& value,
                          const OptionText& text) {
    custom(
        name, [&value, name](const std::string& given) { value = to_long_integer(name, given); },
        text);
}

void CommandLine::number(const std::string& name, double& value, OptionText text) {
    text.default_text = shortest(value);
    custom(
        name, [&value, name](const std::string& given) { value = to_number(name, given); }, text);
}

void CommandLine::number(const std::string& name, std::optional<double>& value,
                         const OptionText& text) {
    custom(
        name, [&value, name](const std::string& given) { value = to_number(name, given); }, text);
}

void CommandLine::flag(const std::string& name, bool& value, const OptionText& text) {
    declarations_->declare_flag(name, text, [&value] { value = true; });
}

void CommandLine::flag_pair(const std::string& on, const std::string& off, bool& value,
                            const OptionText& text_on, const OptionText& text_off) {
    declarations_->declare_flag(on, text_on, [&value] { value = true; });
    declarations_->declare_flag(off, text_off, [&value] { value = false; });
}

void CommandLine::flag_pair(const std::string& on, const std::string& off,
                            std::optional<bool>& value, const OptionText& text_on,
                            const OptionText& text_off) {
    declarations_->declare_flag(on, text_on, [&value] { value = true; });
    declarations_->declare_flag(off, text_off, [&value] { value = false; });
}

void CommandLine::positional(const std::string& placeholder, std::optional<std::string>& value,
                             const std::string& help, Need need) {
    declarations_->positionals.push_back(
        {placeholder, help, [&value](const std::string& given) { value = given; }, need});
}

void CommandLine::positionals(const std::string& placeholder, std::vector<std::string>& values,
                              const std::string& help, Need need) {
    declarations_->positionals.push_back(
        {placeholder, help, [&values](const std::string& given) { values.push_back(given); }, need,
         /*repeated=*/true});
}

void CommandLine::custom(const std::string& name,
                         const std::function<void(const std::string&)>& accept,
                         const OptionText& text) {
    declarations_->declare(name, text, accept);
}

void CommandLine::rule(std::function<void()> check) {
    declarations_->rules.push_back(std::move(check));
}

void CommandLine::one_of(const std::string& name, const std::vector<std::string>& names,
                         const std::function<void(std::size_t)>& assign, OptionText text) {
    text.placeholder = joined(names, "|");
    declarations_->choices[name] = names;
    custom(
        name,
        [name, names, assign](const std::string& given) {
            const auto found = std::ranges::find(names, given);
            if (found == names.end()) {
                throw UsageError(invalid_choice(name, given, names));
            }
            assign(static_cast<std::size_t>(found - names.begin()));
        },
        text);
}

std::string invalid_choice(const std::string& option, const std::string& given,
                           const std::vector<std::string>& names) {
    return "argument " + option + ": invalid choice: '" + given + "' (choose from " +
           joined(names, ", ") + ")";
}

void CommandLine::parse(std::span<const std::string> words) {
    Declarations& all = *declarations_;
    all.section = "General";
    all.declare_flag(std::string("-h,") + kHelpName, {.help = "Print this help and exit"}, [] {});
    all.declare_flag(kVersionName, {.help = "Print the version and exit", .addition = true}, [] {});
    try {
        auto given =
            expand_arguments(words, all.known(),
                             all.positionals.empty() ? PlainWords::refused : PlainWords::accepted);
        if (!given.empty() && given.back().name == kHelpName) {
            throw InfoRequest{help()};
        }
        if (!given.empty() && given.back().name == kVersionName) {
            throw InfoRequest{all.command + " (editprep) " EDITPREP_VERSION "\n"};
        }
        all.take_plain_words(given);
        all.require(given);
        // CLI11 takes the words from the back of the vector.
        const auto known = all.known();
        std::vector<std::string> reversed;
        for (auto option = given.rbegin(); option != given.rend(); ++option) {
            if (std::ranges::find(known, option->name, &KnownOption::name)->takes_value) {
                reversed.push_back(option->value);
            }
            reversed.push_back(option->name);
        }
        all.app.parse(std::move(reversed));
        for (const GivenOption& option : given) {
            if (const auto flag = all.flags.find(option.name); flag != all.flags.end()) {
                flag->second();
            }
        }
        for (const auto& check : all.rules) {
            check();
        }
    } catch (const UsageError& error) {
        throw spell_out()(error.what());
    }
}

SpellOut CommandLine::spell_out() const {
    return [usage = usage(), command = declarations_->command](const std::string& reason) {
        return UsageError(reason, usage + usage_error_text(command, reason));
    };
}

std::vector<KnownOption> CommandLine::known_options() const { return declarations_->known(); }

std::string CommandLine::usage() const {
    std::string text = "usage: " + declarations_->command;
    for (const Positional& positional : declarations_->positionals) {
        text += ' ' + in_usage(positional);
    }
    for (const CLI::Option* option : declarations_->options()) {
        if (option->get_required()) {
            text += ' ' + option_column(*option);
        }
    }
    return text + " [options]\n";
}

std::string CommandLine::help() const {
    std::vector<HelpEntry> entries;
    for (const Positional& positional : declarations_->positionals) {
        entries.push_back({"Arguments", positional.placeholder, positional.help});
    }
    for (const CLI::Option* option : declarations_->options()) {
        entries.push_back(
            {option->get_group(), option_column(*option), description_column(*option)});
    }
    return usage() + '\n' + wrap(declarations_->app.get_description(), 0, 0) + '\n' +
           format_entries(entries);
}

}  // namespace editprep::tools
