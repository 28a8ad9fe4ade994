// Attempts several steps, even after one has failed, and reports the first error.
#pragma once

#include <exception>

namespace onepass::pipeline {

class FirstError {
 public:
  /// Runs the step. If it throws, the exception is kept, unless an earlier step has already failed.
  template <typename Step>
  void attempt(Step step) {
    try {
      step();
    } catch (...) {
      if (!error_) error_ = std::current_exception();
    }
  }

  explicit operator bool() const { return error_ != nullptr; }

  /// Throws the first error, if there is one.
  void rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  std::exception_ptr error_;
};

}  // namespace onepass::pipeline
