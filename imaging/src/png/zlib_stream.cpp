#include "zlib_stream.hpp"

#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "deflate_encoder.hpp"
#include "editprep/imaging/pixel_buffer.hpp"

namespace editprep::imaging {
namespace {

/// A chunk has as many rows as fit, at least one. Smaller chunks repeat their codes and what they
/// learn of the history too often, larger ones leave the processor's caches.
constexpr std::size_t kChunkBytes = 256 * 1024;
/// Fewer chunks are done before another thread has started.
constexpr std::size_t kChunksWorthThreads = 4;

/// Deflate, a window of 32 KiB, and what makes the two bytes a multiple of 31 (RFC 1950).
constexpr std::array kZlibHeader = {std::byte{0x78}, std::byte{0x9C}};

constexpr std::uint32_t kAdlerOfNothing = 1;

/// The checksum of two stretches one after the other, from those of each (RFC 1950, section 9).
std::uint32_t joined_adler(std::uint32_t first, std::uint32_t second, std::size_t second_bytes) {
    constexpr std::uint64_t kBase = 65'521;
    const std::uint64_t first_sum = first & 0xFFFF;
    const std::uint64_t sum = (first_sum + (second & 0xFFFF) + kBase - 1) % kBase;
    const std::uint64_t sums =
        ((first >> 16) + (second >> 16) + second_bytes % kBase * (first_sum + kBase - 1)) % kBase;
    return static_cast<std::uint32_t>(sums << 16 | sum);
}

struct Chunk {
    /// What was before, then rows.
    PixelBuffer bytes;
    std::size_t history = 0;
    std::size_t size = 0;
    bool last = false;
    /// All rows, also those of the history, repeat the one above.
    bool repeats = false;
    /// Bytes and history are those of the chunk before, so what they compress to is, too.
    bool as_before = false;

    std::vector<std::byte> compressed;
    std::uint32_t adler = kAdlerOfNothing;
    std::exception_ptr failure;
    bool done = false;

    [[nodiscard]] std::span<const std::uint8_t> content() const { return {bytes.data(), size}; }
};

void compress(Chunk& chunk, DeflateEncoder& encoder) {
    if (chunk.as_before) {
        return;
    }
    const auto rows = chunk.content().subspan(chunk.history);
    chunk.adler = libdeflate_adler32(kAdlerOfNothing, rows.data(), rows.size());
    chunk.compressed.clear();
    encoder.compress(chunk.content(), chunk.history, chunk.last, chunk.compressed);
}

/// Compresses chunks and gives them back in the order they came in, with the help of threads.
class Compressors {
public:
    Compressors(const RowShape& shape, PngEffort effort, std::size_t helpers)
        : own_(shape, effort) {
        encoders_.reserve(helpers);
        try {
            for (std::size_t i = 0; i < helpers; ++i) {
                DeflateEncoder& encoder = encoders_.emplace_back(shape, effort);
                helpers_.emplace_back([this, &encoder] { help(encoder); });
            }
        } catch (const std::system_error&) {
            // Fewer threads than wished for: those there are compress all the same.
        } catch (...) {
            stop();
            throw;
        }
    }
    Compressors(const Compressors&) = delete;
    Compressors& operator=(const Compressors&) = delete;
    ~Compressors() { stop(); }

    void add(std::unique_ptr<Chunk> chunk) {
        {
            const std::lock_guard lock(mutex_);
            chunks_.push_back(std::move(chunk));
        }
        added_.notify_one();
    }

    [[nodiscard]] std::size_t size() const { return chunks_.size(); }

    /// The first chunk, compressed. Does not wait as long as there is something to compress.
    std::unique_ptr<Chunk> take() {
        std::unique_lock lock(mutex_);
        while (!chunks_.front()->done) {
            if (begun_ < chunks_.size()) {
                compress_next(lock, own_);
            } else {
                done_.wait(lock);
            }
        }
        std::unique_ptr<Chunk> chunk = std::move(chunks_.front());
        chunks_.pop_front();
        --begun_;
        if (chunk->failure) {
            std::rethrow_exception(chunk->failure);
        }
        return chunk;
    }

private:
    void stop() {
        {
            const std::lock_guard lock(mutex_);
            stopped_ = true;
        }
        added_.notify_all();
        for (std::thread& helper : helpers_) {
            helper.join();
        }
    }

    void help(DeflateEncoder& encoder) {
        std::unique_lock lock(mutex_);
        while (true) {
            added_.wait(lock, [this] { return stopped_ || begun_ < chunks_.size(); });
            if (stopped_) {
                return;
            }
            compress_next(lock, encoder);
        }
    }

    void compress_next(std::unique_lock<std::mutex>& lock, DeflateEncoder& encoder) {
        Chunk& chunk = *chunks_[begun_++];
        lock.unlock();
        std::exception_ptr failure;
        try {
            compress(chunk, encoder);
        } catch (...) {
            failure = std::current_exception();
        }
        lock.lock();
        chunk.failure = failure;
        chunk.done = true;
        done_.notify_one();
    }

    DeflateEncoder own_;
    std::vector<DeflateEncoder> encoders_;
    std::mutex mutex_;
    std::condition_variable added_;
    std::condition_variable done_;
    std::deque<std::unique_ptr<Chunk>> chunks_;
    /// How many of the chunks somebody compresses or has compressed.
    std::size_t begun_ = 0;
    bool stopped_ = false;
    std::vector<std::thread> helpers_;
};

}  // namespace

class ZlibStream::Work {
public:
    Work(const RowShape& shape, std::size_t row_count, PngEffort effort, int threads, ByteSink sink)
        : shape_(shape),
          rows_left_(row_count),
          chunk_bytes_(std::max<std::size_t>(kChunkBytes / shape.row_bytes, 1) * shape.row_bytes),
          helpers_(helpers_for(shape.row_bytes * row_count / chunk_bytes_, threads)),
          compressors_(shape, effort, helpers_),
          sink_(std::move(sink)),
          current_(new_chunk()) {}

    std::uint8_t* row() { return current_->bytes.data() + current_->size; }

    void end_row(bool repeats) {
        if (!begun_) {
            sink_(kZlibHeader);
            begun_ = true;
        }
        current_->size += shape_.row_bytes;
        repeated_bytes_ = repeats ? repeated_bytes_ + shape_.row_bytes : 0;
        --rows_left_;
        if (rows_left_ == 0) {
            end_stream();
        } else if (current_->size - current_->history == chunk_bytes_) {
            end_chunk();
        }
    }

private:
    static std::size_t helpers_for(std::size_t chunks, int threads) {
        return chunks < kChunksWorthThreads
                   ? 0
                   : std::min(static_cast<std::size_t>(threads), chunks) - 1;
    }

    std::unique_ptr<Chunk> new_chunk() {
        std::unique_ptr<Chunk> chunk = std::move(spare_);
        if (!chunk) {
            chunk = std::make_unique<Chunk>();
        }
        if (chunk->bytes.empty()) {
            chunk->bytes = std::move(spare_bytes_);
        }
        if (chunk->bytes.empty()) {
            chunk->bytes = PixelBuffer(kDeflateWindow + chunk_bytes_);
        }
        chunk->size = chunk->history = 0;
        chunk->repeats = chunk->as_before = chunk->done = false;
        return chunk;
    }

    /// A chunk that follows on another.
    std::unique_ptr<Chunk> chunk_after(const Chunk& chunk) {
        std::unique_ptr<Chunk> next = new_chunk();
        next->size = next->history = std::min(kDeflateWindow, chunk.size);
        std::memcpy(next->bytes.data(), chunk.bytes.data() + chunk.size - next->size, next->size);
        return next;
    }

    void end_chunk() {
        std::unique_ptr<Chunk> next = chunk_after(*current_);
        current_->repeats = repeated_bytes_ >= current_->size;
        current_->as_before = current_->repeats && last_repeats_;
        last_repeats_ = current_->repeats;
        compressors_.add(std::exchange(current_, std::move(next)));
        while (compressors_.size() > 2 * helpers_) {
            deliver(compressors_.take());
        }
    }

    void end_stream() {
        current_->last = true;
        compressors_.add(std::move(current_));
        while (compressors_.size() > 0) {
            deliver(compressors_.take());
        }
        std::array<std::byte, 4> adler;
        for (std::size_t i = 0; i < adler.size(); ++i) {
            adler[i] = static_cast<std::byte>(adler_ >> (24 - 8 * i) & 0xFF);
        }
        sink_(adler);
    }

    void deliver(std::unique_ptr<Chunk> chunk) {
        spare_bytes_ = std::move(chunk->bytes);
        if (chunk->as_before) {
            std::swap(chunk, delivered_);
        }
        adler_ = joined_adler(adler_, chunk->adler, chunk->size - chunk->history);
        sink_(chunk->compressed);
        spare_ = std::exchange(delivered_, std::move(chunk));
    }

    const RowShape shape_;
    std::size_t rows_left_;
    const std::size_t chunk_bytes_;
    const std::size_t helpers_;
    Compressors compressors_;
    ByteSink sink_;
    std::unique_ptr<Chunk> spare_;
    PixelBuffer spare_bytes_;
    std::unique_ptr<Chunk> current_;
    /// The chunk that the sink got last.
    std::unique_ptr<Chunk> delivered_;
    /// So many bytes before here are rows that repeat the one above.
    std::size_t repeated_bytes_ = 0;
    bool last_repeats_ = false;
    bool begun_ = false;
    std::uint32_t adler_ = kAdlerOfNothing;
};

ZlibStream::ZlibStream(const RowShape& shape, std::size_t row_count, PngEffort effort, int threads,
                       ByteSink sink)
    : work_(std::make_unique<Work>(shape, row_count, effort, threads, std::move(sink))) {}

ZlibStream::~ZlibStream() = default;

std::uint8_t* ZlibStream::row() { return work_->row(); }

void ZlibStream::end_row(bool repeats) { work_->end_row(repeats); }

}  // namespace editprep::imaging
