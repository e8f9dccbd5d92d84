import unittest

from proving.aws import SimulatedAws
from proving.programs import Programs


class Simulated(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.aws = SimulatedAws(cls.enterClassContext(Programs()))

    def setUp(self):
        self.aws.reset()

    def test_parameter_is_kept_until_all_is_forgotten(self):
        self.aws.call("AmazonSSM.PutParameter", Name="/a", Value="b", Type="String")
        self.assertEqual(self.aws.call("AmazonSSM.GetParameter", Name="/a")["Parameter"]["Value"], "b")
        self.aws.reset()
        with self.assertRaisesRegex(AssertionError, "GetParameter: 400 .*ParameterNotFound"):
            self.aws.call("AmazonSSM.GetParameter", Name="/a")

    def test_the_service_is_the_one_that_the_signature_names(self):
        self.assertEqual(self.aws.send("s3", "PUT", "/bucket").status, 200)
        self.assertIn("<Name>bucket</Name>", self.aws.send("s3", "GET", "/").text)
