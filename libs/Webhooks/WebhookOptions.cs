using System.ComponentModel.DataAnnotations;

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
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan AnswerWithin { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Tries before a delivery is given up: 10, with pauses from 5 s growing fourfold up to 1 hour, take about six hours.
    /// </summary>
    [Range(1, 50)]
    public int MaxAttempts { get; set; } = 10;

    /// <summary>Subscriptions that may stand at a time; 100 by default.</summary>
    [Range(1, 10_000)]
    public int MaxSubscriptions { get; set; } = 100;
}
