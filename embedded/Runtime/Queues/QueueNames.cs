using System.Text.RegularExpressions;

namespace Serverless.Embedded.Runtime.Queues;

/// <summary>The storage service's rule for the names of queues, which is also that for containers.</summary>
internal static partial class QueueNames
{
    public static bool AreValid(string name) => Rule().IsMatch(name);

    [GeneratedRegex("^[a-z0-9](?:-?[a-z0-9]){2,62}$")]
    private static partial Regex Rule();
}
