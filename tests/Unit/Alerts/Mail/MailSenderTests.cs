using System.Net;
using System.Net.Sockets;
using Serverless.Alerts.Mail;
using Serverless.Storage;
using Xunit;

namespace Serverless.Unit.Alerts.Mail;

public sealed class MailSenderTests
{
    private static readonly MailText Text = new(
        "20300102T030405000-1a2b3c4d",
        DateTimeOffset.UnixEpoch,
        "Ein Überblick",
        "Zeile\r\n.\r\nEnde"
    );

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AMessage_ArrivesWhole_UnderAnIdThatStaysTheSame()
    {
        await using MailServer server = new();
        MailSender sender = new(server.Options, TimeProvider.System);

        Assert.Null(await sender.SendAsync(Text, "ada@example.org", Token));
        Assert.Null(await sender.SendAsync(Text, "ada@example.org", Token));

        Assert.Equal(2, server.Received.Count);
        Assert.All(server.Received, mail =>
            Assert.Contains("Message-Id: <20300102T030405000-1a2b3c4d@example.org>", mail, StringComparison.Ordinal)
        );
        Assert.All(server.Received, mail => Assert.Contains("From: alerts@example.org", mail, StringComparison.Ordinal));
        Assert.All(server.Received, mail => Assert.Contains("Zeile\n..\nEnde", mail, StringComparison.Ordinal));
    }

    [Fact]
    public async Task AServerThatIsAway_IsAFault()
    {
        MailSender sender = new(
            new MailOptions
            {
                Host = "127.0.0.1",
                Port = 9,
                UseTls = false,
                From = "a@example.org",
            },
            TimeProvider.System
        );

        Assert.Contains("refused", await sender.SendAsync(Text, "ada@example.org", Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AServerThatHangs_IsLeftInTime()
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        MailOptions options = new()
        {
            Host = "127.0.0.1",
            Port = ((IPEndPoint)silent.LocalEndpoint).Port,
            UseTls = false,
            From = "a@example.org",
            SendWithin = TimeSpan.FromSeconds(0.2),
        };

        string? fault = await new MailSender(options, TimeProvider.System).SendAsync(Text, "ada@example.org", Token);

        Assert.Equal("the mail server did not take it within 0.2 s (Mail:SendWithin)", fault);
    }

    [Fact]
    public void Options_WithAHost_NeedASender_AndAPasswordBesideAUser()
    {
        Assert.Empty(OptionsCheck.Find(("Mail", new MailOptions())));
        Assert.Equal(
            ["Mail:From is ''; it must be an address beside Host.", "Mail:Password is empty; it must stand beside User."],
            OptionsCheck.Find(("Mail", new MailOptions { Host = "mail.example.org", User = "ada" }))
        );
    }
}
