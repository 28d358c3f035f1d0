Gem::Specification.new { |s| s.add_development_dependency "minitest" }
