"""Pictures drawn on the server, as SVG (version 2): where each thing stands is worked out here, templates write it."""
