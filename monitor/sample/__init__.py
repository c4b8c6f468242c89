"""The sample web of `monitor demo`: invented outlets with feeds and pages, served over real HTTP on loopback."""
