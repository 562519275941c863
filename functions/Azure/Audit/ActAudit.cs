using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Serverless.Audit;
using Serverless.Functions.Azure.Access;
using Serverless.Functions.Azure.Http;

namespace Serverless.Functions.Azure.Audit;

/// <summary>
/// Has every act that comes by HTTP in the log: what changes something and needs the role publish, approve or operate. A new route is in it
/// by its role; what only brings data, an upload or a prediction, is not.
/// </summary>
internal sealed class ActAudit(AuditLog log, ILogger<ActAudit> logger)
{
    private const AccessRoles Acting = AccessRoles.Publish | AccessRoles.Approve | AccessRoles.Operate;

    /// <summary>Not so long that a caller gives up on an act whose outcome is only not written yet.</summary>
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(10);

    public static bool Concerns(HttpRequest request, string function) =>
        !HttpMethods.IsGet(request.Method) && (RouteRoles.Of(function) & Acting) != 0;

    /// <summary>Writes that it is asked for.</summary>
    /// <exception cref="RequestProblem">The log cannot be written; nothing is to be done then.</exception>
    public async Task<long> BeginAsync(HttpRequest request, string function, CancellationToken cancellationToken)
    {
        Caller caller = Caller.Of(request);
        string? why = await GivenReason.ReadAsync(request, cancellationToken);
        try
        {
            return await log.BeginAsync(function, request.Path, NameOf(request, caller), caller.Id, why, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            logger.AuditNotWritten(e, function);
            throw new RequestProblem(
                StatusCodes.Status503ServiceUnavailable,
                $"{function} was not begun: the log of acts cannot be written, and no act goes unlogged. The server's log has the reason."
            )
            {
                RetryAfter = TimeSpan.FromSeconds(5),
            };
        }
    }

    /// <summary>
    /// Writes what came of it. It is done, so that a failure to write is no failure of the act, which is shown without an outcome then.
    /// </summary>
    public async Task EndAsync(long begun, string function, int status)
    {
        try
        {
            using CancellationTokenSource limit = new(EndWithin);
            await log.EndAsync(begun, status, limit.Token);
        }
        catch (Exception e)
        {
            logger.AuditNotWritten(e, function);
        }
    }

    /// <summary>Null where none is given, or none that can be read: the route says so if it needs one.</summary>
    private static string? NameOf(HttpRequest request, Caller caller)
    {
        if (caller.SignedInAs is null && !(caller.MayNameThemselves && request.Headers.ContainsKey(Requester.Header)))
        {
            return null;
        }
        try
        {
            return request.ReadRequester();
        }
        catch (RequestProblem)
        {
            return null;
        }
    }
}
