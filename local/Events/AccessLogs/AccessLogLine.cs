namespace Serverless.Local.Events.AccessLogs;

/// <summary>
/// One finished request of a storage server, in the common log format that Azurite writes:
/// <c>127.0.0.1 - - [21/Nov/2026:01:14:30 +0000] "PUT /account/container/name HTTP/1.1" 201 -</c>.
/// </summary>
/// <param name="Path">Still URL-encoded, from its leading slash to the query.</param>
/// <param name="Query">Without the question mark; empty where there is none.</param>
internal readonly record struct AccessLogLine(string Method, string Path, string Query, int Status)
{
    public static bool TryParse(ReadOnlySpan<char> line, out AccessLogLine request)
    {
        request = default;
        int open = line.IndexOf('"');
        int close = line.LastIndexOf('"');
        if (open < 0 || close <= open)
        {
            return false;
        }

        ReadOnlySpan<char> quoted = line[(open + 1)..close];
        int afterMethod = quoted.IndexOf(' ');
        int beforeVersion = quoted.LastIndexOf(' ');
        ReadOnlySpan<char> status = line[(close + 1)..].TrimStart();
        if (afterMethod <= 0 || beforeVersion <= afterMethod || status.Length < 3 || !int.TryParse(status[..3], out int code))
        {
            return false;
        }

        ReadOnlySpan<char> target = quoted[(afterMethod + 1)..beforeVersion];
        if (target.Length == 0 || target[0] != '/')
        {
            return false;
        }

        int question = target.IndexOf('?');
        request = new AccessLogLine(
            quoted[..afterMethod].ToString(),
            (question < 0 ? target : target[..question]).ToString(),
            question < 0 ? "" : target[(question + 1)..].ToString(),
            code
        );
        return true;
    }

    /// <summary>The value of a query parameter as it stands in the log; null where it is absent.</summary>
    public string? Parameter(string name)
    {
        foreach (Range range in Query.AsSpan().Split('&'))
        {
            ReadOnlySpan<char> pair = Query.AsSpan(range);
            if (pair.StartsWith(name, StringComparison.OrdinalIgnoreCase) && pair.Length > name.Length && pair[name.Length] == '=')
            {
                return pair[(name.Length + 1)..].ToString();
            }
        }

        return null;
    }
}
