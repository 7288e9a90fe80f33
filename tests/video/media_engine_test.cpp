#include "media_engine.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <new>
#include <stdexcept>

namespace editprep::video {
namespace {

TEST(FailureOf, WorkThatSucceedsIsNone) {
    EXPECT_FALSE(failure_of([] {}));
}

TEST(FailureOf, KeepsAllOfAnError) {
    const auto failure =
        failure_of([] { throw Error(Errc::no_video, "a.mp4 has no video", "a.mp4", "Take b"); });
    ASSERT_TRUE(failure);
    EXPECT_EQ(failure->errc, Errc::no_video);
    EXPECT_EQ(failure->message, "a.mp4 has no video");
    EXPECT_EQ(failure->subject, "a.mp4");
    EXPECT_EQ(failure->next_step, "Take b");
    EXPECT_FALSE(failure->out_of_memory);
}

TEST(FailureOf, TellsTheLackOfMemoryFromTheRest) {
    const std::function<void()> too_much[] = {[] { throw std::bad_alloc(); },
                                              [] { throw std::length_error("vector"); }};
    for (const auto& work : too_much) {
        const auto failure = failure_of(work);
        ASSERT_TRUE(failure);
        EXPECT_TRUE(failure->out_of_memory);
        EXPECT_THROW(throw_failure(*failure), std::bad_alloc);
    }
}

TEST(FailureOf, KeepsTheWordsOfWhatNobodyForesaw) {
    const auto failure = failure_of([] { throw std::out_of_range("stream 7"); });
    ASSERT_TRUE(failure);
    EXPECT_FALSE(failure->out_of_memory);
    EXPECT_EQ(failure->errc, Errc::decode_failed);
    EXPECT_EQ(failure->message, "cannot work on the clip: stream 7");
    try {
        throw_failure(*failure, "a.mp4");
    } catch (const Error& error) {
        EXPECT_EQ(error.subject(), "a.mp4");
        return;
    }
    FAIL();
}

}  // namespace
}  // namespace editprep::video
