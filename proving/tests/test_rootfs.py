import unittest

from proving import rootfs


class Roots(unittest.TestCase):
    def test_only_debians_own_mirror_is_taken(self):
        targets = "Docker Docker http://one.example/\nDebian Debian-Security http://two.example/\n" \
            "Debian Debian http://three.example/debian\n"
        self.assertEqual(rootfs.first_debian_mirror(targets), "http://three.example/debian")

    def test_other_packages_are_another_root(self):
        self.assertEqual(rootfs.root_name("s", ["a", "b"]), rootfs.root_name("s", ["b", "a"]))
        self.assertNotEqual(rootfs.root_name("s", ["a"]), rootfs.root_name("s", ["b"]))
