#include "editprep/transport/event_stream.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "editprep/transport/error.hpp"

namespace editprep::transport {
namespace {

/// Every event as `type|data`, when the text arrives in pieces of that length.
std::vector<std::string> events_in(const std::string& text, std::size_t piece_length) {
    std::vector<std::string> events;
    EventStream stream(
        [&](const ServerEvent& event) { events.push_back(event.type + "|" + event.data); });
    for (std::size_t begin = 0; begin < text.size(); begin += piece_length) {
        stream.feed(std::as_bytes(
            std::span(text).subspan(begin, std::min(piece_length, text.size() - begin))));
    }
    return events;
}

using Texts = std::vector<std::string>;

TEST(EventStream, ReadsEventsHoweverTheyAreCut) {
    const std::string text =
        "\xEF\xBB\xBF: a comment\n"
        "data: one\n\n"
        "event: image\r\ndata: {\"a\":\r\ndata:1}\r\nid: 7\r\n\r\n"
        "data\rretry: 10\r\r"
        "event: lost\n\n"
        "data:  two blanks\nunknown: x\n\n"
        "data: \xC3\xA4\n\n"
        "data: unfinished\n";
    const Texts expected{"message|one", "image|{\"a\":\n1}", "message|", "message| two blanks",
                         "message|\xC3\xA4"};
    for (const std::size_t piece_length : {1U, 2U, 3U, 7U, 1000U}) {
        EXPECT_EQ(events_in(text, piece_length), expected) << piece_length;
    }
}

TEST(EventStream, TakesAMarkAtTheStartOnly) {
    EXPECT_EQ(events_in("data: a\n\n\xEF\xBB\xBF"
                        "data: b\n\ndata: c\n\n",
                        100),
              (Texts{"message|a", "message|c"}));
}

TEST(EventStream, IgnoresEmptyPiecesAndLines) {
    EventStream stream([](const ServerEvent&) { FAIL(); });
    stream.feed({});
    EXPECT_TRUE(events_in("\n\r\n\r\r\n\n", 1).empty());
}

TEST(EventStream, BoundsAnEvent) {
    EventStream stream([](const ServerEvent&) {});
    const std::string line = "data: " + std::string(1 << 20, 'x') + "\n";
    try {
        for (int i = 0; i < 65; ++i) {
            stream.feed(std::as_bytes(std::span(line)));
        }
        FAIL() << "65 MiB were taken";
    } catch (const Error& error) {
        EXPECT_EQ(error.errc(), Errc::too_large);
    }
}

}  // namespace
}  // namespace editprep::transport
