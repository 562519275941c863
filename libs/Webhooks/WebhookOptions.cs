namespace Serverless.Webhooks;

/// <summary>Whom webhooks may be sent to, and how patiently.</summary>
public sealed class WebhookOptions
{
    /// <summary>Plain http as well as https; false by default.</summary>
    public bool AllowHttp { get; set; }

    /// <summary>
    /// Loopback, private, link-local and other addresses that the internet does not route; false by default, or a subscription could
    /// reach what only this host should.
    /// </summary>
    public bool AllowPrivateAddresses { get; set; }

    /// <summary>How long a receiver may take to answer, 10 s by default.</summary>
    public TimeSpan AnswerWithin { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Tries before a delivery is given up: 10, with pauses from 5 s growing fourfold up to 1 hour, take about six hours.
    /// </summary>
    public int MaxAttempts { get; set; } = 10;

    /// <summary>Subscriptions that may stand at a time; 100 by default.</summary>
    public int MaxSubscriptions { get; set; } = 100;

    public IEnumerable<string> Validate()
    {
        if (AnswerWithin < TimeSpan.FromMilliseconds(100) || AnswerWithin > TimeSpan.FromMinutes(1))
        {
            yield return $"Webhooks:AnswerWithin is {AnswerWithin}; allowed are 100 ms to 1 minute.";
        }
        if (MaxAttempts is < 1 or > 50)
        {
            yield return $"Webhooks:MaxAttempts is {MaxAttempts}; allowed are 1 to 50.";
        }
        if (MaxSubscriptions is < 1 or > 10_000)
        {
            yield return $"Webhooks:MaxSubscriptions is {MaxSubscriptions}; allowed are 1 to 10,000.";
        }
    }
}
