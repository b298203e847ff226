"""Door: the pages that customers and the public see."""
