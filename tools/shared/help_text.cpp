#include "tools/shared/help_text.hpp"

#include <algorithm>
#include <vector>

namespace editprep::tools {
namespace {

constexpr std::size_t kOptionIndent = 2;
constexpr std::size_t kDescriptionColumn = 32;

std::string format_entry(const HelpEntry& entry) {
    std::string text = std::string(kOptionIndent, ' ') + entry.option;
    if (text.size() + 2 > kDescriptionColumn) {
        text += '\n' + std::string(kDescriptionColumn, ' ');
    } else {
        text.resize(kDescriptionColumn, ' ');
    }
    return text + wrap(entry.description, kDescriptionColumn, kDescriptionColumn) + '\n';
}

}  // namespace

std::string wrap(std::string_view text, std::size_t first_column, std::size_t indent) {
    std::string wrapped;
    std::size_t column = first_column;
    while (!text.empty()) {
        const std::string_view word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(text.size(), word.size() + 1));
        if (wrapped.empty()) {
            wrapped += word;
            column += word.size();
        } else if (column + 1 + word.size() <= kHelpColumns) {
            wrapped.append(1, ' ').append(word);
            column += 1 + word.size();
        } else {
            wrapped.append(1, '\n').append(indent, ' ').append(word);
            column = indent + word.size();
        }
    }
    return wrapped;
}

std::string format_entries(std::span<const HelpEntry> entries) {
    std::vector<std::string> sections;
    for (const HelpEntry& entry : entries) {
        if (std::ranges::find(sections, entry.section) == sections.end()) {
            sections.push_back(entry.section);
        }
    }
    std::string text;
    for (const std::string& section : sections) {
        text += '\n' + section + ":\n";
        for (const HelpEntry& entry : entries) {
            if (entry.section == section) {
                text += format_entry(entry);
            }
        }
    }
    return text;
}

}  // namespace editprep::tools
