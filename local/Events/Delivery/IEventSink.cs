namespace Serverless.Local.Events.Delivery;

/// <summary>Takes events over: when a call returns they are the receiver's.</summary>
internal interface IEventSink
{
    /// <summary>For logs; holds no secret.</summary>
    string Name { get; }

    int MaxEvents { get; }

    /// <exception cref="HttpRequestException">The receiver is away (no status) or did not accept them.</exception>
    Task SendAsync(IReadOnlyList<string> events, CancellationToken cancellationToken);
}
