Gem::Specification.new { |s| s.add_runtime_dependency "jekyll" }
