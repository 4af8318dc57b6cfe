"""What the benchmarks of checks share: invented events with planted violations, and the engines that must find them."""
