#pragma once

#include <functional>

namespace editprep::imaging {

/// Takes `rows` rows through `stages` stages in one sweep from top to bottom: a stage of a row
/// begins when the stage before it is through with that row and its two neighbours. So the stages
/// follow each other a row apart, and what one leaves is still in the cache when the next comes,
/// where sweep after sweep would fetch it from memory anew.
///
/// `threads` (at least 1) share the rows; which one does what does not matter to a result as long
/// as a stage writes of its own row alone and reads of the neighbours only what the stage before
/// left.
/// @param work is called with the number of the thread, from 0 on, the stage and the row. It must
/// not throw.
void sweep_rows(int rows, int stages, int threads,
                const std::function<void(int thread, int stage, int row)>& work);

}  // namespace editprep::imaging
