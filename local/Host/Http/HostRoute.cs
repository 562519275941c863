namespace Serverless.Local.Host.Http;

/// <summary>Marks an endpoint as one of the host's own, where a wrong method is answered with 404 as for functions.</summary>
internal sealed class HostRoute
{
    public static readonly HostRoute Instance = new();
}
