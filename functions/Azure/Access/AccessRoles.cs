using System.Collections.Frozen;

namespace Serverless.Functions.Azure.Access;

/// <summary>What a caller may do. A route needs one role (<see cref="RouteRoles"/>), and no role has another in it.</summary>
[Flags]
internal enum AccessRoles
{
    None = 0,

    /// <summary>Lists, states, histories, reports, metrics.</summary>
    Read = 1,

    /// <summary>Predictions, searches, and feedback on them.</summary>
    Predict = 1 << 1,

    /// <summary>New assets.</summary>
    Upload = 1 << 2,

    /// <summary>New versions, what they are judged by, and asking that they serve.</summary>
    Publish = 1 << 3,

    /// <summary>Deciding on promotions.</summary>
    Approve = 1 << 4,

    /// <summary>What serves at once, other tries, erasure, and who is told.</summary>
    Operate = 1 << 5,
}

/// <summary>Roles as settings, claims and messages write them: in lower case, several with commas between.</summary>
internal static class RoleNames
{
    public const string All = "read,predict,upload,publish,approve,operate";

    private static readonly FrozenDictionary<string, AccessRoles> Known = All.Split(',')
        .ToFrozenDictionary(name => name, name => Enum.Parse<AccessRoles>(name, ignoreCase: true), StringComparer.OrdinalIgnoreCase);

    /// <summary>Those that the list names; what it names beside them has no effect.</summary>
    public static AccessRoles Parse(string list) =>
        Split(list).Aggregate(AccessRoles.None, (roles, name) => roles | Known.GetValueOrDefault(name));

    public static IEnumerable<string> FindUnknown(string list) => Split(list).Where(name => !Known.ContainsKey(name));

    public static IReadOnlyList<string> List(this AccessRoles roles) => [.. All.Split(',').Where(name => roles.HasFlag(Known[name]))];

    public static string Write(this AccessRoles roles) => roles == AccessRoles.None ? "no role" : string.Join(", ", roles.List());

    private static string[] Split(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
