#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "tests/transport/fake_clock.hpp"
#include "tools/generate_batch_media/rate_limit.hpp"
#include "tools/shared/failure.hpp"

namespace editprep::tools::generate_batch_media {
namespace {

using namespace std::chrono_literals;

bool always() { return true; }

class BatchRateLimiter : public ::testing::Test {
protected:
    /// Takes tokens and tells how long that took on the clock.
    std::chrono::milliseconds taking(RateLimiter& limiter, const std::string& provider, int count) {
        const auto before = clock_.clock().steady_now();
        for (int i = 0; i < count; ++i) {
            EXPECT_TRUE(limiter.take(provider, always));
        }
        return std::chrono::duration_cast<std::chrono::milliseconds>(clock_.clock().steady_now() -
                                                                     before);
    }

    testing::FakeClock clock_;
};

TEST(BatchRateLimit, IsANumberForAllOrForOne) {
    EXPECT_EQ(parse_rate_limit("30").provider, "");
    EXPECT_EQ(parse_rate_limit("30").per_minute, 30);
    EXPECT_EQ(parse_rate_limit("fal=0.5").provider, "fal");
    EXPECT_EQ(parse_rate_limit("fal=0.5").per_minute, 0.5);
    // Names come from the user's configuration.
    EXPECT_EQ(parse_rate_limit("a=b=7").provider, "a=b");
}

TEST(BatchRateLimit, RefusesWhatIsNone) {
    for (const char* text :
         {"", "fal", "fal=", "=30", "0", "-1", "fal=nan", "1e300", "1e-300", "30/min", "inf"}) {
        EXPECT_THROW(static_cast<void>(parse_rate_limit(text)), UsageError) << text;
    }
}

TEST_F(BatchRateLimiter, SpreadsRequestsEvenly) {
    RateLimiter limiter({{"", 30}}, clock_.clock());
    EXPECT_EQ(taking(limiter, "fal", 1), 0ms);
    EXPECT_EQ(taking(limiter, "fal", 30), 60s);
}

TEST_F(BatchRateLimiter, SavesNoTokensUpWhileNobodyAsks) {
    RateLimiter limiter({{"", 60}}, clock_.clock());
    EXPECT_EQ(taking(limiter, "fal", 1), 0ms);
    EXPECT_TRUE(clock_.clock().sleep(10min));
    EXPECT_EQ(taking(limiter, "fal", 3), 2s);
}

TEST_F(BatchRateLimiter, CountsEachProviderByItself) {
    RateLimiter limiter({{"", 60}}, clock_.clock());
    EXPECT_EQ(taking(limiter, "fal", 1), 0ms);
    EXPECT_EQ(taking(limiter, "openai", 1), 0ms);
    EXPECT_EQ(taking(limiter, "fal", 1), 1s);
}

TEST_F(BatchRateLimiter, PutsAProvidersOwnLimitBeforeThatOfAll) {
    RateLimiter limiter({{"fal", 6}, {"", 60}}, clock_.clock());
    EXPECT_EQ(taking(limiter, "fal", 2), 10s);
    EXPECT_EQ(taking(limiter, "openai", 2), 1s);
}

TEST_F(BatchRateLimiter, ObeysTheLastOfSeveralForTheSame) {
    RateLimiter limiter({{"fal", 6}, {"fal", 60}}, clock_.clock());
    EXPECT_EQ(taking(limiter, "fal", 2), 1s);
    EXPECT_EQ(taking(limiter, "openai", 9), 0ms);
}

TEST_F(BatchRateLimiter, DoesNotWaitWithoutALimit) {
    RateLimiter limiter({}, clock_.clock());
    EXPECT_EQ(taking(limiter, "fal", 100), 0ms);
    EXPECT_TRUE(clock_.pauses().empty());
}

TEST_F(BatchRateLimiter, EndsAWaitThatIsNotWantedAnyMore) {
    RateLimiter limiter({{"", 1}}, clock_.clock());
    EXPECT_EQ(taking(limiter, "fal", 1), 0ms);
    int asked = 0;
    EXPECT_FALSE(limiter.take("fal", [&asked] { return ++asked < 4; }));
    EXPECT_EQ(clock_.pauses(), (std::vector<std::chrono::milliseconds>{200ms, 200ms, 200ms}));
}

TEST_F(BatchRateLimiter, EndsAWaitWhenTheSleepIsCancelled) {
    transport::Clock clock = clock_.clock();
    clock.sleep = [](std::chrono::milliseconds) { return false; };
    RateLimiter limiter({{"", 1}}, clock);
    EXPECT_TRUE(limiter.take("fal", always));
    EXPECT_FALSE(limiter.take("fal", always));
}

}  // namespace
}  // namespace editprep::tools::generate_batch_media
