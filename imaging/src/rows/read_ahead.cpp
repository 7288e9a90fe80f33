#include <algorithm>
#include <array>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "editprep/imaging/pixel_buffer.hpp"
#include "rows/row_reader.hpp"

namespace editprep::imaging {
namespace {

/// Below that a picture is decoded before a thread has properly started.
constexpr std::int64_t kFewestPixels = 1'000'000;
/// To wake a thread costs as much as decoding some kilobytes. So bands are large, and whoever has
/// to wait, for rows or for room, sleeps until there are two bands of them.
constexpr std::size_t kBandBytes = std::size_t{256} << 10;
constexpr std::size_t kBands = 4;
constexpr std::size_t kBandsToWakeFor = 2;

/// A ring of bands, which a thread fills while the caller looks at one of them.
class ReadAhead : public RowReader {
public:
    explicit ReadAhead(std::unique_ptr<RowReader> reader)
        : RowReader(reader->size(), reader->channels()), reader_(std::move(reader)) {
        for (Band& band : bands_) {
            band.rows = PixelBuffer(std::max<std::size_t>(kBandBytes / stride(), 1) * stride());
        }
        try {
            worker_ = std::thread([this] { work(); });
        } catch (const std::system_error&) {
            // No thread to be had: next() reads by itself.
        }
    }

    ~ReadAhead() override {
        if (!worker_.joinable()) {
            return;
        }
        {
            const std::lock_guard lock(mutex_);
            stopped_ = true;
        }
        room_.notify_one();
        worker_.join();
    }

    [[nodiscard]] std::span<const std::uint8_t> next() override {
        if (!worker_.joinable()) {
            return reader_->next();
        }
        std::unique_lock lock(mutex_);
        released_ = taken_;
        if (filled_ - released_ <= kBands - kBandsToWakeFor) {
            room_.notify_one();
        }
        if (filled_ == taken_) {
            rows_.wait(lock, [this] { return filled_ - taken_ >= kBandsToWakeFor || ended_; });
        }
        if (filled_ > taken_) {
            const Band& band = bands_[taken_++ % kBands];
            return {band.rows.data(), band.bytes};
        }
        if (failure_) {
            std::rethrow_exception(std::exchange(failure_, nullptr));
        }
        return {};
    }

private:
    struct Band {
        PixelBuffer rows;
        std::size_t bytes = 0;
    };

    void work() {
        std::exception_ptr failure;
        try {
            while (wait_for_room() && fill(bands_[filled_ % kBands])) {
                const std::lock_guard lock(mutex_);
                ++filled_;
                if (filled_ - taken_ >= kBandsToWakeFor) {
                    rows_.notify_one();
                }
            }
        } catch (...) {
            failure = std::current_exception();
        }
        const std::lock_guard lock(mutex_);
        failure_ = std::move(failure);
        ended_ = true;
        rows_.notify_one();
    }

    /// False when nobody wants more.
    bool wait_for_room() {
        std::unique_lock lock(mutex_);
        if (filled_ - released_ == kBands) {
            room_.wait(lock, [this] {
                return stopped_ || filled_ - released_ <= kBands - kBandsToWakeFor;
            });
        }
        return !stopped_;
    }

    /// False when there are no rows left.
    bool fill(Band& band) {
        band.bytes = reader_->read({band.rows.data(), band.rows.size()});
        return band.bytes > 0;
    }

    /// The worker's alone, if there is one.
    std::unique_ptr<RowReader> reader_;

    std::array<Band, kBands> bands_;
    std::mutex mutex_;
    std::condition_variable rows_;
    std::condition_variable room_;
    /// How many bands have been filled, given to the caller, and given back by it.
    std::size_t filled_ = 0;
    std::size_t taken_ = 0;
    std::size_t released_ = 0;
    bool ended_ = false;
    bool stopped_ = false;
    std::exception_ptr failure_;
    std::thread worker_;
};

}  // namespace

std::unique_ptr<RowReader> read_ahead(std::unique_ptr<RowReader> reader) {
    const bool pays = !reader->held() && reader->size().area() >= kFewestPixels &&
                      std::thread::hardware_concurrency() > 1;
    if (!pays) {
        return reader;
    }
    return std::make_unique<ReadAhead>(std::move(reader));
}

}  // namespace editprep::imaging
