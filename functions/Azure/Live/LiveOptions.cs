using System.ComponentModel.DataAnnotations;

namespace Serverless.Functions.Azure.Live;

/// <summary>Section <c>Live</c>: pages that are told of changes instead of asking again and again.</summary>
public sealed class LiveOptions
{
    /// <summary>
    /// Streams that this process keeps open at a time; 20 by default. One more is answered 503, and its page asks every two seconds as it
    /// would without; with 0 all do. An open stream is an execution that goes on: on a plan that bills those, an open page keeps one
    /// instance awake.
    /// </summary>
    [Range(0, 200)]
    public int MaxStreams { get; set; } = 20;

    /// <summary>
    /// After so long a stream ends, and its page opens the next; 3 minutes by default. It must stay below functionTimeout, and below the
    /// 230 seconds after which Azure's load balancer may end a request.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:05", "00:03:45")]
    public TimeSpan Lasting { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>
    /// How often a stream looks whether something has changed; 2 seconds by default. Streams of one process share their looks: ten of them
    /// took a second of processor time a minute more than none at a look a second, and the storage is listed as often as they look.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.2", "00:01:00")]
    public TimeSpan Every { get; set; } = TimeSpan.FromSeconds(2);
}
