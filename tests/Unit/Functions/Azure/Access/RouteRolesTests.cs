using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Access;
using Serverless.Functions.Azure.OpenApi;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Access;

/// <summary>
/// The table holds every route of the app, where a new one wants its role, and nothing else; what it says is what a key of one role meets.
/// </summary>
public sealed class RouteRolesTests
{
    public static TheoryData<string> Keyed() => [.. HttpRoute.All.Where(IsKeyed).Select(route => route.Function).Distinct()];

    public static TheoryData<string> Roles() => [.. RoleNames.All.Split(',')];

    [Fact]
    public void Table_NamesEveryRouteOnce_AndNothingElse() =>
        Assert.Equal(HttpRoute.All.Select(route => route.Function).Distinct().Order(), RouteRoles.Functions.Order());

    [Fact]
    public void Routes_WithoutARole_AreThoseThatTakeNoKey() =>
        Assert.All(HttpRoute.All, route => Assert.Equal(IsKeyed(route), RouteRoles.Of(route.Function) != AccessRoles.None));

    [Theory, MemberData(nameof(Keyed))]
    public void ARoute_NeedsOneRole(string function) => Assert.True(int.IsPow2((int)RouteRoles.Of(function)), $"{RouteRoles.Of(function)}");

    /// <summary>No method that changes something is open to who may only look.</summary>
    [Fact]
    public void Reading_ChangesNothing() =>
        Assert.All(HttpRoute.All.Where(route => RouteRoles.Of(route.Function) == AccessRoles.Read), route =>
            Assert.Equal("get", route.Method)
        );

    [Theory, MemberData(nameof(Roles))]
    public void ARole_OpensItsRoutesAndNoOther(string role)
    {
        AccessCheck access = new(new AccessOptions { OtherKeys = role });
        string[] open =
        [
            .. HttpRoute
                .All.Where(IsKeyed)
                .Select(route => route.Function)
                .Distinct()
                .Where(function => AccessCheckTests.Admits(access, function)),
        ];

        Assert.NotEmpty(open);
        Assert.Equal(RouteRoles.Functions.Where(function => RouteRoles.Of(function).Write() == role).Order(), open.Order());
    }

    private static bool IsKeyed(HttpRoute route) => route.Level != AuthorizationLevel.Anonymous;
}
