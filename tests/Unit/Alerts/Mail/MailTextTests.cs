using Serverless.Alerts;
using Serverless.Alerts.Mail;
using Serverless.Alerts.Rules;
using Xunit;

namespace Serverless.Unit.Alerts.Mail;

public sealed class MailTextTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    [Theory]
    [InlineData("backlogAge", true)]
    [InlineData("test", false)] // it is kept in no book and has no runbook
    public void AMessage_NamesTheRunbook_OfARuleThatHasOne(string rule, bool hasOne)
    {
        Alert alert = new("a", rule, "queue gpu-jobs", AlertSeverity.Info, Now, Now, "1 job waits.");

        string body = MailText.Of(new AlertDispatch("d", "ada@example.org", Now, [new AlertChange(AlertChangeKind.Opened, alert)])).Body;

        Assert.Contains("1 job waits.", body, StringComparison.Ordinal);
        Assert.Equal(hasOne, body.Contains($"/api/runbooks/{rule}", StringComparison.Ordinal));
        Assert.Equal(hasOne, body.Contains($"/api/console#alerts/{rule}/a", StringComparison.Ordinal));
    }
}
