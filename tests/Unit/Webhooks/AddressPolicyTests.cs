using System.Net;
using Serverless.Webhooks;
using Xunit;

namespace Serverless.Unit.Webhooks;

public sealed class AddressPolicyTests
{
    private static readonly AddressPolicy Strict = new(new WebhookOptions());

    [Theory]
    [InlineData("https://example.org/hook")]
    [InlineData("https://8.8.8.8:8443/")]
    [InlineData("https://[2606:4700::1111]/")]
    public void Accepts_PublicHttps(string url) => Assert.Null(Strict.Fault(new Uri(url)));

    [Theory]
    [InlineData("http://example.org/", "The url's scheme is 'http'; allowed is https.")]
    [InlineData("ftp://example.org/", "The url's scheme is 'ftp'; allowed is https.")]
    [InlineData("https://user:secret@example.org/", "The url holds a user name or password; allowed is one without.")]
    [InlineData("https://127.0.0.1/", "The url's address 127.0.0.1 is private; allowed are public ones.")]
    [InlineData("https://169.254.169.254/latest/meta-data", "The url's address 169.254.169.254 is private; allowed are public ones.")]
    [InlineData("https://[::1]/", "The url's address ::1 is private; allowed are public ones.")]
    [InlineData("https://0x7f000001/", "The url's address 127.0.0.1 is private; allowed are public ones.")]
    public void Rejects_OtherUrls(string url, string fault) => Assert.Equal(fault, Strict.Fault(new Uri(url)));

    [Theory]
    [InlineData("10.1.2.3")]
    [InlineData("172.31.0.1")]
    [InlineData("192.168.1.1")]
    [InlineData("100.64.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("fd00::1")]
    [InlineData("fe80::1")]
    [InlineData("64:ff9b::a00:1")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("::10.0.0.1")]
    [InlineData("::ffff:0:10.0.0.1")]
    [InlineData("100::1")]
    [InlineData("2001::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2002:a00:1::1")]
    [InlineData("3ffe::1")]
    [InlineData("3fff::1")]
    [InlineData("4000::1")]
    [InlineData("5f00::1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void Rejects_AddressesThatAreNotPublic(string address) => Assert.False(Strict.IsAllowed(IPAddress.Parse(address)));
}
