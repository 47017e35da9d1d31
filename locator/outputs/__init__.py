"""What is made from a release: links, the planner's map, signs."""
