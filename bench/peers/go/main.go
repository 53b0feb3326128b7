// SPDX-License-Identifier: Apache-2.0

// The benchmark's handlers on go-pdk; the same as CallsPlugin.java.
package main

import (
	pdk "github.com/Kong/go-pdk"
	"github.com/Kong/go-pdk/server"
)

type Config struct {
	Calls int `json:"calls"`
}

func New() interface{} {
	return &Config{}
}

func (c *Config) Access(kong *pdk.PDK) {
	switch c.Calls {
	case 0:
	case 3:
		three(kong)
	case 12:
		twelve(kong)
	default:
		panic("no such handler")
	}
}

func three(kong *pdk.PDK) {
	method := text(kong.Request.GetMethod())
	user := text(kong.Request.GetHeader("x-user"))
	done(kong.ServiceRequest.SetHeader("x-seen", method+" "+user))
}

func twelve(kong *pdk.PDK) {
	method := text(kong.Request.GetMethod())
	path := text(kong.Request.GetPath())
	query := text(kong.Request.GetRawQuery())
	host := text(kong.Request.GetHeader("host"))
	agent := text(kong.Request.GetHeader("user-agent"))
	user := text(kong.Request.GetHeader("x-user"))
	ip := text(kong.Client.GetForwardedIp())
	done(kong.ServiceRequest.SetHeader("x-target", method+" "+path))
	done(kong.ServiceRequest.SetHeader("x-query", query))
	done(kong.ServiceRequest.SetHeader("x-host", host))
	done(kong.ServiceRequest.SetHeader("x-client", ip+" "+agent))
	done(kong.Response.SetHeader("x-seen", user))
}

func text(value string, err error) string {
	done(err)
	return value
}

func done(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	if err := server.StartServer(New, "1.0.0", 1000); err != nil {
		panic(err)
	}
}
